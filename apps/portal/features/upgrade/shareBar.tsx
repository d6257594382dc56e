/** A count of a whole, with the line that must be reached drawn through it where there is one; the text says the same. */
export function ShareBar({ count, of, line, text }: { count: number; of: number; line?: number; text: string }) {
  const part = (value: number): string => `${Math.min(100, (100 * value) / of)}%`
  return (
    <div>
      <div role="img" aria-label={text} className="relative h-3 rounded-full bg-sunken ring-1 ring-line ring-inset">
        <span className="absolute inset-y-0 start-0 rounded-full bg-brand" style={{ width: part(count) }} />
        {line === undefined ? null : (
          <span className="absolute -inset-y-1 w-0.5 bg-ink" style={{ insetInlineStart: part(line) }} />
        )}
      </div>
      <p className="mt-2 text-sm text-ink-2">{text}</p>
    </div>
  )
}
