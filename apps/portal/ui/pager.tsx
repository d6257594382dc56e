import { ChevronLeft, ChevronRight } from 'lucide-react'
import { ButtonLink } from './button.tsx'

/** Steps through a list by cursor; every page has its own address. */
export function Pager({
  path,
  query = {},
  cursor,
  nextCursor,
  older = 'Older',
  first = 'Newest',
}: {
  path: string
  query?: Readonly<Record<string, string | undefined>>
  cursor: string | undefined
  nextCursor: string | undefined
  older?: string
  first?: string
}) {
  if (cursor === undefined && nextCursor === undefined) return null
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-3 border-t border-line px-5 py-3">
      {cursor === undefined ? (
        <span />
      ) : (
        <ButtonLink href={address(path, query, undefined)} size="small" kind="quiet">
          <ChevronLeft size={16} aria-hidden="true" />
          <span>{first}</span>
        </ButtonLink>
      )}
      {nextCursor === undefined ? (
        <span className="text-sm text-ink-3">End of the list</span>
      ) : (
        <ButtonLink href={address(path, query, nextCursor)} size="small">
          <span>{older}</span>
          <ChevronRight size={16} aria-hidden="true" />
        </ButtonLink>
      )}
    </nav>
  )
}

function address(
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  cursor: string | undefined,
): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries({ ...query, cursor }))
    if (value !== undefined && value !== '') search.set(key, value)
  const text = search.toString()
  return text === '' ? path : `${path}?${text}`
}
