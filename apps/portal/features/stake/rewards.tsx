'use client'

import type { ClaimableView } from '@aelf/governance/domain'
import { useState } from 'react'
import { useApi } from '#features/live/useApi.ts'
import { useWriteFlow } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { useSession } from '#features/wallet/session.ts'
import { cn } from '#ui/cn.ts'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { EmptyState, Notice, SkeletonRows } from '#ui/notice.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { Panel, Stat } from '#ui/panel.tsx'
import { RewardHistory } from './rewardHistory.tsx'

/** What an account can claim, and what it was paid. */
export function Rewards({ owner, className }: { owner: `0x${string}`; className?: string }) {
  const claimable = useApi(`claimable:${owner}`, (api) => api.reward.claimable.query({ owner }))
  const claims = useApi(`claims:${owner}`, (api) => api.reward.claims.query({ account: owner, limit: 10 }))
  return (
    <Panel id="rewards" title="Rewards" note="shared at the end of each term" flush className={className}>
      <dl className="grid grid-cols-1 gap-x-6 gap-y-4 p-5 sm:grid-cols-2">
        <Stat label="To claim">{claimable.state === 'ready' ? <Amount units={claimable.value.total} /> : '–'}</Stat>
        <Stat label="Paid so far">{claims.state === 'ready' ? <Amount units={claims.value.total} /> : '–'}</Stat>
      </dl>
      {claimable.state === 'loading' ? <SkeletonRows rows={2} /> : null}
      {claimable.state === 'failed' ? (
        <Notice kind="error" className="m-5" title="What you can claim can’t be read now" code={claimable.message}>
          It stays yours on the chain.
        </Notice>
      ) : null}
      {claimable.state === 'ready' ? <Claim owner={owner} claimable={claimable.value} /> : null}
      {claims.state === 'ready' && claims.value.items.length > 0 ? <RewardHistory claims={claims.value.items} /> : null}
    </Panel>
  )
}

interface Choice {
  readonly id: string
  readonly amount: bigint
  readonly what: React.ReactNode
  readonly call: { readonly contract: string; readonly method: string; readonly args: Record<string, string> }
}

function choicesOf({ votes, commission }: ClaimableView): readonly Choice[] {
  const own: readonly Choice[] =
    commission === 0n
      ? []
      : [
          {
            id: 'commission',
            amount: commission,
            what: 'Your commission as a delegate',
            call: { contract: 'reward', method: 'claimCommission', args: {} },
          },
        ]
  return [
    ...own,
    ...votes
      .toSorted((a, b) => (a.amount > b.amount ? -1 : 1))
      .map(({ lockId, delegate, delegateName, amount }) => ({
        id: lockId,
        amount,
        what: (
          <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
            <span>Your vote for</span>
            <Address address={delegate} name={delegateName} />
            <Hash value={lockId} label="lock id" />
          </span>
        ),
        call: { contract: 'reward', method: 'claim', args: { lockId } },
      })),
  ]
}

/** One claim is one signature: the reader picks which, sees the sentence, and signs it. */
function Claim({ owner, claimable }: { owner: `0x${string}`; claimable: ClaimableView }) {
  const session = useSession()
  const controls = useWriteFlow()
  const choices = choicesOf(claimable)
  const [picked, setPicked] = useState<string | undefined>(undefined)
  const chosen = choices.find(({ id }) => id === picked) ?? choices[0]
  // What was just signed may be paid by now: its outcome stays on screen until the reader goes on.
  const isBusy = controls.flow.step !== 'form'
  if (chosen === undefined && !isBusy)
    return (
      <EmptyState title="Nothing to claim now">
        A vote earns from the first full term after it was cast, while its lock lasts beyond the end of the term.
      </EmptyState>
    )
  return (
    <div className="border-t border-line p-5">
      {choices.length > 1 && !isBusy ? (
        <fieldset className="mb-4">
          <legend className="mb-2 text-sm font-semibold">Each is claimed with a signature of its own</legend>
          <ul className="space-y-2">
            {choices.map(({ id, amount, what }) => (
              <li key={id}>
                <label
                  className={cn(
                    'flex min-h-11 cursor-pointer flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border px-3 py-2 text-sm',
                    chosen?.id === id ? 'border-brand' : 'border-line',
                  )}
                >
                  <input
                    type="radio"
                    name="claim"
                    checked={chosen?.id === id}
                    onChange={() => setPicked(id)}
                    className="size-4 accent-brand"
                  />
                  <span className="min-w-0 flex-1">{what}</span>
                  <Amount units={amount} className="font-medium" />
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      ) : chosen === undefined || isBusy ? null : (
        <p className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <span className="min-w-0 flex-1">{chosen.what}</span>
          <Amount units={chosen.amount} className="font-medium" />
        </p>
      )}
      {session === undefined || session.address !== owner ? (
        <p className="text-sm text-ink-3">Claiming needs that account connected.</p>
      ) : (
        <WritePanel
          controls={controls}
          call={chosen?.call ?? { reason: 'Nothing is left to claim.' }}
          actionText="Claim"
          onlyFrom={owner}
          onlyFromReason="Only the account that earned this can claim it. Switch the account to continue."
        />
      )}
    </div>
  )
}
