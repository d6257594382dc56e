import type { RoundPerformanceView } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'

/** The delegate's recent rounds, one mark each: filled when all its slots became blocks, striped when one was missed. */
export function RoundHistory({ rounds }: { rounds: readonly RoundPerformanceView[] }) {
  const ordered = rounds.toSorted((a, b) => a.round - b.round)
  if (ordered.length === 0) return <p className="text-sm text-ink-3">No slot in any indexed round yet.</p>
  return (
    <ol className="flex flex-wrap gap-1" aria-label="Recent rounds">
      {ordered.map((round) => {
        const missed = round.missed > 0
        const text = `Round ${round.round}: ${round.produced} produced, ${round.missed} missed`
        return (
          <li key={round.round}>
            <Link
              href={`/rounds/${round.round}`}
              title={text}
              aria-label={text}
              className="grid size-6 place-items-center rounded hover:bg-sunken"
            >
              <span
                aria-hidden="true"
                className={cn(
                  'block h-5 w-3 rounded-[3px]',
                  missed
                    ? 'hatch ring-1 ring-inset ring-oppose'
                    : round.produced > 0
                      ? 'bg-brand'
                      : 'ring-1 ring-inset ring-line-strong/50',
                )}
              />
            </Link>
          </li>
        )
      })}
    </ol>
  )
}
