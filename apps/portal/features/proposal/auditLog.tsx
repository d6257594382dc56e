import type { ProposalEventView } from '@aelf/governance/domain'
import { DataTable } from '#ui/dataTable.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { EVENT_WORDS, VERDICT_WORDS } from './words.ts'

/** Every event of the proposal with its transaction, newest first. */
export function AuditLog({ log }: { log: readonly ProposalEventView[] }) {
  return (
    <Panel id="log" title="Audit log" note="Every transaction that touched it, changed choices included" flush>
      <DataTable
        caption="Audit log"
        dense
        rows={log}
        rowKey={(entry, index) => `${entry.height}-${index}`}
        columns={[
          {
            id: 'what',
            head: 'What',
            label: false,
            cell: ({ kind, verdict }) => (
              <span className="font-medium">
                {verdict === undefined
                  ? EVENT_WORDS[kind]
                  : `${EVENT_WORDS[kind]}: ${VERDICT_WORDS[verdict].toLowerCase()}`}
              </span>
            ),
          },
          { id: 'who', head: 'Who', cell: ({ actor, name }) => <Address address={actor} name={name} size={20} /> },
          {
            id: 'count',
            head: 'Adopted / declined',
            align: 'end',
            cell: (entry) => <span className="num">{`${entry.adopted} / ${entry.declined}`}</span>,
          },
          {
            id: 'when',
            head: 'When',
            align: 'end',
            cell: ({ timeMs, height, transactionId }) => (
              <span>
                <Link
                  href={`/explorer/txs/${transactionId}`}
                  className="link num"
                  aria-label={`Transaction in block ${formatInteger(height)}`}
                >
                  {formatInteger(height)}
                </Link>
                <span className="text-ink-3">
                  {' · '}
                  <Time at={timeMs} />
                </span>
              </span>
            ),
          },
        ]}
      />
    </Panel>
  )
}
