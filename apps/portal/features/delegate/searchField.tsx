import { Search } from 'lucide-react'

/** Search by name or address: a plain form, so it works before and without scripts. */
export function SearchField({
  action,
  value,
  keep,
}: {
  action: string
  value: string | undefined
  keep: Readonly<Record<string, string | undefined>>
}) {
  return (
    <form action={action} role="search" className="relative w-full sm:w-72">
      {Object.entries(keep).map(([name, text]) =>
        text === undefined ? null : <input key={name} type="hidden" name={name} value={text} />,
      )}
      <Search
        size={16}
        className="pointer-events-none absolute inset-s-3 top-1/2 -translate-y-1/2 text-ink-3"
        aria-hidden="true"
      />
      <input
        name="q"
        type="search"
        defaultValue={value}
        aria-label="Find a delegate by name or address"
        placeholder="Name or address"
        className="h-9 w-full rounded-lg border border-line-strong/60 bg-surface ps-9 pe-3 text-sm placeholder:text-ink-3 hover:border-line-strong"
      />
    </form>
  )
}
