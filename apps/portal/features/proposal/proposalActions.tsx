'use client'

import type { ProposalView } from '@aelf/governance/domain'
import { useState } from 'react'
import { NothingLeft } from '#features/wallet/flow/sent.tsx'
import { useWriteFlow, type WriteFlowControls } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { useSession } from '#features/wallet/session.ts'
import { Amount } from '#ui/number/amount.tsx'
import { Tabs } from '#ui/tabs.tsx'
import { useNow } from '#ui/time/clock.tsx'
import { ChoiceField } from './choiceField.tsx'
import { ReviewForm } from './reviewForm.tsx'

const TABS = [
  { id: 'choose', text: 'Choose' },
  { id: 'review', text: 'Review' },
  { id: 'end', text: 'Withdraw' },
] as const
type Tab = (typeof TABS)[number]['id']

/** What can be done with a proposal now; each action says who may and why it can't be done. */
export function ProposalActions({ proposal }: { proposal: ProposalView }) {
  const [tab, setTab] = useState<Tab>('choose')
  const now = useNow()
  const controls = useWriteFlow()
  const closing = useWriteFlow()
  if (proposal.closedAtMs !== undefined)
    return (
      <div className="p-5">
        <NothingLeft flow={closing.flow.step === 'sent' ? closing.flow : controls.flow}>
          It is closed; nothing is left to sign.
        </NothingLeft>
      </div>
    )
  if (proposal.status === 'expired' || proposal.endsAtMs <= now)
    return <Expire proposal={proposal} controls={closing} />
  const change = (next: Tab): void => {
    controls.reset()
    setTab(next)
  }
  return (
    <Tabs label="Actions" tabs={TABS} value={tab} onChange={change}>
      {tab === 'choose' ? (
        <Choose proposal={proposal} controls={controls} />
      ) : tab === 'review' ? (
        <ReviewForm proposal={proposal} controls={controls} />
      ) : (
        <Withdraw proposal={proposal} controls={controls} />
      )}
    </Tabs>
  )
}

interface ActionProps {
  proposal: ProposalView
  controls: WriteFlowControls
}

function Choose({ proposal, controls }: ActionProps) {
  const session = useSession()
  const [choice, setChoice] = useState<'adopt' | 'decline' | undefined>(undefined)
  const { id: proposalId, textHash, archiveHash, voters } = proposal
  const own = voters?.find(({ producer }) => producer === session?.address)
  const call =
    session !== undefined && voters !== undefined && own === undefined
      ? { reason: 'Only who produced when it was submitted chooses; this account did not.' }
      : choice === undefined
        ? { reason: 'Choose to adopt or to decline.' }
        : own?.choice === choice
          ? { reason: 'That is your choice already.' }
          : { contract: 'proposal', method: choice, args: { proposalId, textHash, archiveHash } }
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        For producers of the term in which it was submitted. You sign the hashes of text and archive; you can change
        your choice until it is closed.
      </p>
      <ChoiceField
        legend="Your choice"
        name="choice"
        value={choice}
        onChange={setChoice}
        options={[
          { value: 'adopt', text: 'Adopt', note: own?.choice === 'adopt' ? 'Your choice now' : undefined },
          { value: 'decline', text: 'Decline', note: own?.choice === 'decline' ? 'Your choice now' : undefined },
        ]}
      />
      <div className="mt-4">
        <WritePanel controls={controls} call={call} actionText="Review the choice" />
      </div>
    </>
  )
}

function Withdraw({ proposal, controls }: ActionProps) {
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        <span>For its author. It is closed without a decision, and the deposit of </span>
        <Amount units={proposal.deposit} className="font-medium text-ink" />
        <span> returns.</span>
      </p>
      <WritePanel
        controls={controls}
        call={{ contract: 'proposal', method: 'withdraw', args: { proposalId: proposal.id } }}
        actionText="Review the withdrawal"
        onlyFrom={proposal.author}
        onlyFromReason="Only its author withdraws a proposal. Switch the account to continue."
      />
    </>
  )
}

function Expire({ proposal, controls }: ActionProps) {
  return (
    <div className="p-5">
      <p className="mb-4 text-sm text-ink-2">
        <span>The time to choose is over. Anybody can close it; the deposit of </span>
        <Amount units={proposal.deposit} className="font-medium text-ink" />
        <span> returns to its author.</span>
      </p>
      <WritePanel
        controls={controls}
        call={{ contract: 'proposal', method: 'expire', args: { proposalId: proposal.id } }}
        actionText="Review the closing"
      />
    </div>
  )
}
