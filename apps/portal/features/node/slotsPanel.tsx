import type { OperatorSlot } from '@aelf/governance/domain'
import { slotReason } from '#features/round/slotText.ts'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const LISTED = 8

/** This delegate's newest slots, oldest at the left: filled when it became a block, striped when it was missed. */
export function SlotsPanel({ slots, isDelegate }: { slots: readonly OperatorSlot[]; isDelegate: boolean }) {
  const ordered = slots.toSorted((a, b) => a.timeMs - b.timeMs)
  const missed = ordered.filter((slot) => slot.state === 'missed')
  const note = `${formatInteger(ordered.length - missed.length)} produced, ${formatInteger(missed.length)} missed`
  return (
    <Panel id="slots" title="Slots" note={ordered.length === 0 ? undefined : `The newest ${ordered.length}: ${note}`}>
      {ordered.length === 0 ? (
        <EmptyState title={isDelegate ? 'No slot yet' : 'No delegate on this node'}>
          {isDelegate
            ? 'Slots appear here once this delegate is in the rotation.'
            : 'An observer follows the chain and produces nothing.'}
        </EmptyState>
      ) : (
        <>
          <ol className="flex flex-wrap gap-1" aria-label="Newest slots of this delegate, oldest first">
            {ordered.map((slot) => (
              <li
                key={String(slot.slot)}
                className={cn(
                  'h-7 w-3 rounded-[3px]',
                  slot.state === 'produced' ? 'bg-brand' : 'hatch ring-1 ring-inset ring-oppose',
                )}
                title={labelOf(slot)}
              >
                <span className="sr-only">{labelOf(slot)}</span>
              </li>
            ))}
          </ol>
          {missed.length === 0 ? (
            <p className="mt-4 text-sm text-ink-2">Every one of them became a block.</p>
          ) : (
            <Missed missed={missed.toReversed().slice(0, LISTED)} total={missed.length} />
          )}
        </>
      )}
    </Panel>
  )
}

function Missed({ missed, total }: { missed: readonly OperatorSlot[]; total: number }) {
  return (
    <div className="mt-5">
      <h3 className="text-sm font-semibold">
        {total > missed.length ? `Missed · newest ${missed.length} of ${total}` : 'Missed'}
      </h3>
      <ul className="mt-2 divide-y divide-line text-sm">
        {missed.map((slot) => (
          <li key={String(slot.slot)} className="flex flex-wrap items-center gap-x-4 gap-y-0.5 py-2">
            <span className="num w-24 font-medium">{`Slot ${formatInteger(BigInt(slot.slot))}`}</span>
            <span className="min-w-40 flex-1 text-ink-2">
              {slotReason(slot.reason ?? undefined) ?? 'The node does not know why.'}
            </span>
            <Link
              href={`/rounds/${slot.round}`}
              className="link num"
            >{`Round ${formatInteger(BigInt(slot.round))}`}</Link>
            <Time at={slot.timeMs} className="text-ink-3" />
          </li>
        ))}
      </ul>
    </div>
  )
}

function labelOf(slot: OperatorSlot): string {
  if (slot.state === 'produced')
    return `Slot ${slot.slot}, produced${slot.height === null ? '' : `, block ${formatInteger(BigInt(slot.height))}`}`
  const reason = slotReason(slot.reason ?? undefined)
  return `Slot ${slot.slot}, missed${reason === undefined ? '' : `, ${reason}`}`
}
