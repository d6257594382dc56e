import type { ExclusionView, MissView } from '@aelf/governance/domain'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { slotReason } from './slotText.ts'

/** Who missed and why, newest first, and who is out of the rotation for it. */
export function MissPanel({ misses, excluded }: { misses: readonly MissView[]; excluded: readonly ExclusionView[] }) {
  return (
    <Panel id="misses" title="Missed slots" note="Newest first, with the reason as far as a node knows it" flush>
      {misses.length === 0 ? (
        <EmptyState title="No slot was missed">Every slot of every indexed round became a block.</EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {misses.map((miss) => (
            <li key={miss.slot.toString()} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-2.5 text-sm">
              <span className="min-w-40 flex-1">
                <Address address={miss.producer} name={miss.producerName} href={`/delegates/${miss.producer}`} />
              </span>
              <span className="min-w-48 flex-1 text-ink-2">
                {slotReason(miss.reason) ?? 'No block arrived in its slot.'}
              </span>
              <Link href={`/rounds/${miss.round}`} className="link num">{`Round ${formatInteger(miss.round)}`}</Link>
              <Time at={miss.timeMs} className="w-24 text-end text-ink-3" />
            </li>
          ))}
        </ul>
      )}
      {excluded.length === 0 ? null : (
        <div className="border-t border-line px-5 py-4 text-sm">
          <h3 className="font-semibold">Excluded now, after two in a row</h3>
          <ul className="mt-2 space-y-1.5">
            {excluded.map((entry) => (
              <li key={entry.address} className="flex flex-wrap items-center gap-x-3">
                <Address address={entry.address} name={entry.name} href={`/delegates/${entry.address}`} />
                <span className="text-ink-2">
                  <span>back </span>
                  <Time at={entry.untilMs} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Panel>
  )
}
