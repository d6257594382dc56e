'use client'

import { useSearchParams } from 'next/navigation'
import { useApi } from '#features/live/useApi.ts'
import { requestConnect, useSession } from '#features/wallet/session.ts'
import { Button, ButtonLink } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { EmptyState, Notice, SkeletonRows } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { Panel, Stat } from '#ui/panel.tsx'
import { allPositions } from './positionPages.ts'
import { PositionTable } from './positionTable.tsx'
import { Rewards } from './rewards.tsx'

const ADDRESS = /^0x[0-9a-fA-F]{40}$/

/** Positions of the connected account, or read-only of the one named by `?as=`. */
export function MyPositions() {
  const session = useSession()
  const asked = useSearchParams().get('as') ?? undefined
  const viewing = asked !== undefined && ADDRESS.test(asked) ? asked.toLowerCase() : undefined
  const owner = viewing ?? session?.address
  const answer = useApi(owner === undefined ? undefined : `positions:${owner}`, (api) =>
    allPositions(api, owner ?? '', 'all'),
  )
  if (owner === undefined) return <Invitation />
  return (
    <>
      {viewing !== undefined && viewing !== session?.address ? (
        <Notice className="mb-6" title={`You are looking at ${shorten(viewing)}, read-only`}>
          Signing needs that account connected.
        </Notice>
      ) : null}
      {answer.state === 'failed' ? (
        <Notice
          kind="error"
          title="Your positions can’t be read now"
          code={answer.message}
          action={
            <Button size="small" onClick={answer.reload}>
              Try again
            </Button>
          }
        >
          The locks themselves are on the chain and not affected.
        </Notice>
      ) : null}
      {answer.state === 'loading' ? (
        <div className="panel">
          <SkeletonRows rows={5} />
        </div>
      ) : null}
      {answer.state === 'ready' ? (
        <>
          <dl className="panel mb-6 grid grid-cols-2 gap-x-6 gap-y-5 p-5 md:grid-cols-3">
            <Stat label="Locked in all">
              <Amount units={answer.value.totalAmount} />
            </Stat>
            <Stat label="Votes" note="amount × lock multiplier">
              <Weight units={answer.value.totalWeight} />
            </Stat>
            <Stat label="Withdrawable now">
              <Amount units={answer.value.withdrawableAmount} />
            </Stat>
          </dl>
          <Rewards owner={owner as `0x${string}`} className="mb-6" />
          <Panel
            id="positions"
            title="Positions"
            note={`${answer.value.items.filter((position) => position.state !== 'withdrawn').length} of at most 256 open`}
            flush
          >
            {answer.value.items.length === 0 ? (
              <EmptyState
                title="No lock yet"
                action={
                  <ButtonLink href="/stake/new" kind="primary">
                    Lock and vote
                  </ButtonLink>
                }
              >
                Lock ELF for 90 days or longer; its votes count from the next term.
              </EmptyState>
            ) : (
              <PositionTable positions={answer.value.items} />
            )}
            {answer.value.hasMore ? (
              <p className="px-5 py-3 text-sm text-ink-3">Older withdrawn positions are left out.</p>
            ) : null}
          </Panel>
        </>
      ) : null}
    </>
  )
}

function Invitation() {
  return (
    <div className="panel">
      <EmptyState
        title="Connect to see your positions"
        action={
          <div className="flex flex-wrap justify-center gap-2">
            <Button kind="primary" onClick={requestConnect}>
              Connect
            </Button>
            <ButtonLink href="/stake/new">Try the composer first</ButtonLink>
          </div>
        }
      >
        Or look at any account’s locks: open its page in the explorer.
      </EmptyState>
    </div>
  )
}
