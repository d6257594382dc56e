import type { RoundView } from '@aelf/governance/domain'
import { Address } from '#ui/identity/hash.tsx'
import { Time } from '#ui/time/time.tsx'

/** What the strip does not show: counts, times and who is excluded. */
export function RoundFacts({ round }: { round: RoundView }) {
  return (
    <div className="mt-5 border-t border-line pt-4 text-sm">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <div className="flex gap-2">
          <dt className="text-ink-3">Produced</dt>
          <dd className="num font-medium">{round.produced}</dd>
        </div>
        <div className="flex gap-2">
          <dt className="text-ink-3">Missed</dt>
          <dd className="num font-medium">{round.missed}</dd>
        </div>
        <div className="flex gap-2">
          <dt className="text-ink-3">Started</dt>
          <dd>
            <Time at={round.startTimeMs} mode="both" />
          </dd>
        </div>
        <div className="flex gap-2">
          <dt className="text-ink-3">Ends</dt>
          <dd>
            <Time at={round.endTimeMs} />
          </dd>
        </div>
      </dl>
      {round.excluded.length === 0 ? null : (
        <div className="mt-4">
          <h3 className="font-semibold">Excluded after missed slots</h3>
          <ul className="mt-2 space-y-1.5">
            {round.excluded.map((entry) => (
              <li key={entry.address} className="flex flex-wrap items-center gap-x-3">
                <Address address={entry.address} name={entry.name} href={`/delegates/${entry.address}`} />
                <span className="text-ink-2">
                  <span>back </span>
                  <Time at={entry.untilMs} />
                  <span>{`, failure ${entry.failures} of this term`}</span>
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
