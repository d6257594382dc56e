import type { RoundView } from '@aelf/governance/domain'
import { Address } from '#ui/identity/hash.tsx'
import { Time } from '#ui/time/time.tsx'
import { reasonText } from './slotText.ts'

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
      <MissedNow round={round} />
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

/** The striped slots of the strip by name, with the reason as far as it is known. */
function MissedNow({ round }: { round: RoundView }) {
  const missed = round.slots.filter((slot) => slot.state === 'missed')
  if (missed.length === 0) return null
  return (
    <div className="mt-4">
      <h3 className="font-semibold">Missed in this round</h3>
      <ul className="mt-2 space-y-1.5">
        {missed.map((slot) => (
          <li key={slot.slot.toString()} className="flex flex-wrap items-center gap-x-3">
            <Address address={slot.producer} name={slot.producerName} href={`/delegates/${slot.producer}`} />
            <span className="text-ink-2">{reasonText(slot) ?? 'no block arrived in its slot'}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
