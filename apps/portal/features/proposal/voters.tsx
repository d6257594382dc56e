import type { ProposalVoterView } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const GROUPS = [
  { choice: 'none', title: 'Not decided yet', word: 'Undecided', tone: 'neutral' },
  { choice: 'adopt', title: 'Adopted', word: 'Adopted', tone: 'support' },
  { choice: 'decline', title: 'Declined', word: 'Declined', tone: 'oppose' },
] as const

/** Everybody who may choose, those who can still change the outcome first. */
export function Voters({ voters }: { voters: readonly ProposalVoterView[] | undefined }) {
  return (
    <Panel id="voters" title="Who may choose" note="Producers of the term in which it was submitted" flush>
      {voters === undefined ? (
        <Notice kind="warn" title="The node does not answer who may choose" className="m-5">
          The counts above are from the index and stay valid. Try again in a moment.
        </Notice>
      ) : (
        <div className="divide-y divide-line">
          {GROUPS.map(({ choice, title, word, tone }) => {
            const inside = voters.filter((voter) => voter.choice === choice)
            if (inside.length === 0) return null
            return (
              <section key={choice} aria-label={title} className="px-5 py-4">
                <h3 className="mb-3 flex items-center gap-2 text-sm font-semibold">
                  <Badge tone={tone}>{word}</Badge>
                  <span className="num text-ink-3">{inside.length}</span>
                </h3>
                <ul className="grid grid-cols-1 gap-x-4 gap-y-2 sm:grid-cols-2">
                  {inside.map(({ producer, name, chosenAtMs }) => (
                    <li key={producer} className="flex min-w-0 items-center justify-between gap-2">
                      <Address address={producer} name={name} href={`/delegates/${producer}`} />
                      {chosenAtMs === undefined ? null : (
                        <Time at={chosenAtMs} className="shrink-0 text-xs text-ink-3" />
                      )}
                    </li>
                  ))}
                </ul>
              </section>
            )
          })}
        </div>
      )}
    </Panel>
  )
}
