import { ArrowUpDown, ChevronDown } from 'lucide-react'
import { Link } from '#ui/link.tsx'

/** A column heading that sorts; the order lives in the address. */
export function SortLink({
  sort,
  text,
  current,
  query,
}: {
  sort: string
  text: string
  current: string
  query: Readonly<Record<string, string | undefined>>
}) {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries({ ...query, sort: sort === 'rank' ? undefined : sort }))
    if (value !== undefined) search.set(key, value)
  const address = search.size === 0 ? '/delegates' : `/delegates?${search}`
  return (
    <Link href={address} scroll={false} className="inline-flex min-h-6 items-center gap-1 hover:text-ink">
      <span>{text}</span>
      {current === sort ? (
        <ChevronDown size={14} className="text-brand" aria-hidden="true" />
      ) : (
        <ArrowUpDown size={12} className="opacity-50" aria-hidden="true" />
      )}
    </Link>
  )
}
