import type { CollectionEventView } from '@aelf/governance/domain'
import { DataTable } from '#ui/dataTable.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { CollectionHash } from './collectionLink.tsx'
import { STEP_WORDS } from './words.ts'

const countText = ({ kind, confirmed, signals, rule }: CollectionEventView): string => {
  if (kind === 'lockedIn') return `${signals} of ${rule.window} signal it`
  if (kind === 'reset')
    return `after ${formatInteger(confirmed)} of ${formatInteger(rule.confirm)}, ${signals} of ${rule.window} signal it`
  if (kind === 'replaced') return `after ${formatInteger(confirmed)} of ${formatInteger(rule.confirm)}`
  return kind === 'activated' ? `${formatInteger(confirmed)} blocks confirmed it` : ''
}

/** Every step of a collection by its block, newest first. */
export function StepLog({ log }: { log: readonly CollectionEventView[] }) {
  return (
    <Panel id="log" title="What happened to it" note="Counted from the headers of the chain" flush>
      {log.length === 0 ? (
        <EmptyState title="It was never locked in" />
      ) : (
        <DataTable
          caption="Steps of this collection"
          dense
          rows={log}
          rowKey={({ height, kind }) => `${height}-${kind}`}
          columns={[
            {
              id: 'what',
              head: 'What',
              label: false,
              wide: true,
              cell: (step) => (
                <span>
                  <span className="font-medium">{STEP_WORDS[step.kind]}</span>
                  <span className="block text-sm text-ink-3">{countText(step)}</span>
                  {step.kind === 'replaced' && step.other !== undefined ? <CollectionHash hash={step.other} /> : null}
                </span>
              ),
            },
            {
              id: 'block',
              head: 'Block',
              align: 'end',
              cell: ({ height }) => (
                <Link href={`/explorer/blocks/${height}`} className="link num">
                  {formatInteger(height)}
                </Link>
              ),
            },
            { id: 'when', head: 'When', align: 'end', cell: ({ timeMs }) => <Time at={timeMs} /> },
          ]}
        />
      )}
    </Panel>
  )
}
