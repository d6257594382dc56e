import { Link } from '#ui/link.tsx'
import { cn } from './cn.ts'

interface Option {
  readonly value: string
  readonly text: string
}
interface FilterLinksProps {
  label: string
  path: string
  name: string
  current: string
  fallback: string
  options: readonly Option[]
  query?: Readonly<Record<string, string | undefined>>
}

/** One choice out of a few, kept in the address so that it can be shared and survives a reload. */
export function FilterLinks({ label, path, name, current, fallback, options, query = {} }: FilterLinksProps) {
  return (
    <nav aria-label={label} className="max-w-full overflow-x-auto [scrollbar-width:none]">
      <ul className="flex w-max gap-0.5 rounded-lg bg-sunken p-0.5">
        {options.map((option) => {
          const search = new URLSearchParams()
          for (const [key, value] of Object.entries({
            ...query,
            [name]: option.value === fallback ? undefined : option.value,
          }))
            if (value !== undefined && value !== '') search.set(key, value)
          const text = search.toString()
          return (
            <li key={option.value}>
              <Link
                href={text === '' ? path : `${path}?${text}`}
                scroll={false}
                aria-current={current === option.value ? 'true' : undefined}
                className={cn(
                  'flex h-8 items-center rounded-md px-3 text-sm font-medium whitespace-nowrap transition-colors',
                  current === option.value ? 'bg-surface text-ink shadow-card' : 'text-ink-2 hover:text-ink',
                )}
              >
                {option.text}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
