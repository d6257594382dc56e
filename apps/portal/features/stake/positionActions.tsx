'use client'

import {
  DAY_MS,
  LOCK_DAYS_MAX,
  LOCK_DAYS_MIN,
  type PositionDetailView,
  type RankingView,
  stakeWeight,
} from '@aelf/governance/domain'
import { type ReactNode, useState } from 'react'
import { NothingLeft } from '#features/wallet/flow/sent.tsx'
import { useWriteFlow, type WriteFlowControls } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Tabs } from '#ui/tabs.tsx'
import { useInBrowser, useNow } from '#ui/time/clock.tsx'
import { formatAbsolute, formatRelative } from '#ui/time/format.ts'
import { DelegateField } from './composer/delegateField.tsx'
import { LockField } from './composer/lockField.tsx'
import { NamedDelegate } from './composer/namedDelegate.tsx'
import { RankPreview } from './composer/rankPreview.tsx'

const TABS = [
  { id: 'move', text: 'Move the vote' },
  { id: 'extend', text: 'Extend' },
  { id: 'withdraw', text: 'Withdraw' },
] as const
/** As many as the page asks for; only a shorter list is known to be whole. */
const RANKING_ASKED = 1000
type Tab = (typeof TABS)[number]['id']

/** What the owner can do with a lock; each action says why it can't be done yet. */
export function PositionActions({ position, ranking }: { position: PositionDetailView; ranking: RankingView }) {
  const [tab, setTab] = useState<Tab>(position.state === 'withdrawable' ? 'withdraw' : 'move')
  const controls = useWriteFlow()
  if (position.state === 'withdrawn')
    return (
      <div className="p-5">
        <NothingLeft flow={controls.flow}>This lock was withdrawn; nothing is left to do.</NothingLeft>
      </div>
    )
  const change = (next: Tab): void => {
    controls.reset()
    setTab(next)
  }
  return (
    <Tabs label="Actions" tabs={TABS} value={tab} onChange={change}>
      {tab === 'move' ? (
        <Move position={position} ranking={ranking} controls={controls} />
      ) : tab === 'extend' ? (
        <Extend position={position} ranking={ranking} controls={controls} />
      ) : (
        <Withdraw position={position} controls={controls} />
      )}
    </Tabs>
  )
}

interface ActionProps {
  position: PositionDetailView
  controls: WriteFlowControls
}

function Lead({ children }: { children: ReactNode }) {
  return <p className="mb-4 text-sm text-ink-2">{children}</p>
}

/** The chain counts a vote until the day before its lock ends, in UTC days, and moves only what counts. */
const hasEnded = ({ unlocksAtMs }: PositionDetailView, now: number): boolean =>
  Math.floor(unlocksAtMs / DAY_MS) <= Math.floor(now / DAY_MS)

function Move({ position, ranking, controls }: ActionProps & { ranking: RankingView }) {
  const [delegate, setDelegate] = useState<`0x${string}` | undefined>(undefined)
  const now = useNow()
  if (hasEnded(position, now))
    return (
      <NothingLeft flow={controls.flow}>
        On the day its lock ends a vote no longer counts, so it can’t be moved. Extend the lock, or withdraw it once it
        is open.
      </NothingLeft>
    )
  const call =
    delegate === undefined
      ? { reason: 'Choose the delegate to move to.' }
      : { contract: 'election', method: 'changeVote', args: { lockId: position.lockId, delegate } }
  return (
    <>
      <Lead>The lock keeps its amount, its end and its weight; only the delegate changes, from the next term.</Lead>
      <h3 id="move-to" className="mb-2 text-sm font-semibold">
        Move to
      </h3>
      <DelegateField
        entries={ranking.entries}
        value={delegate}
        onChange={setDelegate}
        exclude={position.delegate}
        labelledBy="move-to"
      />
      <div className="my-4">
        {/* Once the move is in a block the ranking holds it already; it must not be counted on top of itself. */}
        {delegate === position.delegate ? null : (
          <RankPreview ranking={ranking} delegate={delegate} added={position.weight} previous={position.delegate} />
        )}
      </div>
      <WritePanel
        controls={controls}
        call={call}
        actionText="Review the move"
        explain={<NamedDelegate ranking={ranking} delegate={delegate} />}
        onlyFrom={position.owner}
      />
    </>
  )
}

function Extend({ position, ranking, controls }: ActionProps & { ranking: RankingView }) {
  const now = useNow()
  const leftDays = Math.max(0, Math.ceil((position.unlocksAtMs - now) / DAY_MS))
  // A shorter time than at first would weigh less, which the chain refuses.
  const minDays = Math.max(LOCK_DAYS_MIN, leftDays + 1, position.lockDays)
  const [chosen, setChosen] = useState(365)
  const days = Math.min(LOCK_DAYS_MAX, Math.max(chosen, minDays))
  const weight = stakeWeight(position.amount, days)
  const full = minDays > LOCK_DAYS_MAX
  const isWhole = ranking.entries.length < RANKING_ASKED
  const isElectable = ranking.entries.some((entry) => entry.address === position.delegate)
  const call = full
    ? { reason: 'This lock already ends as late as the chain allows.' }
    : isWhole && !isElectable
      ? {
          reason: hasEnded(position, now)
            ? 'Its delegate left the election: withdraw once the lock is open.'
            : 'Its delegate left the election: move the vote first.',
        }
      : { contract: 'election', method: 'extend', args: { lockId: position.lockId, lockDays: days } }
  return (
    <>
      <Lead>
        <span>Counted from the block that includes it. The new end must be later and the weight no lower: </span>
        <span>{`${formatInteger(Math.min(minDays, LOCK_DAYS_MAX))} days or more.`}</span>
      </Lead>
      <LockField days={days} onChange={setChosen} minDays={Math.min(minDays, LOCK_DAYS_MAX)} />
      <p className="my-4 text-sm">
        <span className="text-ink-3">Votes </span>
        <Weight units={position.weight} />
        <span className="text-ink-3"> → </span>
        <Weight units={weight} className="font-semibold" />
      </p>
      <WritePanel controls={controls} call={call} actionText="Review the extension" onlyFrom={position.owner} />
    </>
  )
}

function Withdraw({ position, controls }: ActionProps) {
  const now = useNow()
  const inBrowser = useInBrowser()
  const open = position.unlocksAtMs <= now
  const when = `${formatRelative(position.unlocksAtMs, now)}, ${formatAbsolute(position.unlocksAtMs, inBrowser ? undefined : 'UTC')}`
  const call = open
    ? { contract: 'election', method: 'withdraw', args: { lockId: position.lockId } }
    : { reason: `Locked. It opens ${when}.` }
  return (
    <>
      <Lead>
        <span>Returns </span>
        <Amount units={position.amount} className="font-medium text-ink" />
        <span> to your balance and ends its votes.</span>
      </Lead>
      <WritePanel controls={controls} call={call} actionText="Review the withdrawal" onlyFrom={position.owner} />
    </>
  )
}
