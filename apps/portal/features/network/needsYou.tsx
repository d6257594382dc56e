'use client'

import type { PositionView, RankingView } from '@aelf/governance/domain'
import { ArrowRight, CircleCheck, LockOpen, TriangleAlert, Wallet } from 'lucide-react'
import type { ReactNode } from 'react'
import { useApi } from '#features/live/useApi.ts'
import { allPositions } from '#features/stake/positionPages.ts'
import { requestConnect, useSession } from '#features/wallet/session.ts'
import { Button, ButtonLink } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { SkeletonRows } from '#ui/notice.tsx'
import { formatAmount } from '#ui/number/format.ts'

type Standing = Pick<RankingView, 'entries' | 'seats'>

/** What waits for the reader: open locks, votes without effect, or the first vote. */
export function NeedsYou({ ranking }: { ranking: Standing }) {
  const session = useSession()
  const answer = useApi(session === undefined ? undefined : `todo:${session.address}`, (api) =>
    allPositions(api, session?.address ?? '', 'open'),
  )
  if (session === undefined) return <Welcome />
  if (answer.state === 'loading') return <SkeletonRows rows={2} />
  if (answer.state === 'failed')
    return <p className="px-5 py-4 text-sm text-ink-2">Your positions can’t be read now; they are safe on the chain.</p>
  const items = todoOf(answer.value.items, ranking)
  return (
    <ul className="divide-y divide-line">
      {items.map((item) => (
        <li key={item.key}>
          <Link href={item.href} className="flex items-center gap-3 px-5 py-3.5 transition-colors hover:bg-sunken">
            {item.icon}
            <span className="min-w-0 flex-1 text-[0.9375rem]">{item.text}</span>
            <ArrowRight size={16} className="shrink-0 text-ink-3" aria-hidden="true" />
          </Link>
        </li>
      ))}
    </ul>
  )
}

interface Todo {
  readonly key: string
  readonly href: string
  readonly text: string
  readonly icon: ReactNode
}

function todoOf(positions: readonly PositionView[], ranking: Standing): readonly Todo[] {
  const todo: Todo[] = []
  for (const position of positions) {
    const name = position.delegateName ?? shorten(position.delegate)
    const href = `/stake/${position.lockId}`
    if (position.state === 'withdrawable') {
      todo.push({
        key: position.lockId,
        href,
        text: `${formatAmount(position.amount, 2)} ELF are unlocked: withdraw or extend.`,
        icon: <LockOpen size={18} className="shrink-0 text-good" aria-hidden="true" />,
      })
      continue
    }
    const entry = ranking.entries.find((candidate) => candidate.address === position.delegate)
    if (entry === undefined)
      todo.push({
        key: position.lockId,
        href,
        text: `${name} can no longer be elected: move your vote.`,
        icon: <TriangleAlert size={18} className="shrink-0 text-warn" aria-hidden="true" />,
      })
    else if (!entry.isElected)
      todo.push({
        key: position.lockId,
        href,
        text: `${name} is below the cut-line at rank ${entry.rank}.`,
        icon: <TriangleAlert size={18} className="shrink-0 text-warn" aria-hidden="true" />,
      })
  }
  if (todo.length > 0) return todo
  if (positions.length === 0)
    return [
      {
        key: 'first',
        href: '/stake/new',
        text: 'You have no votes in the next election yet.',
        icon: <Wallet size={18} className="shrink-0 text-brand" aria-hidden="true" />,
      },
    ]
  return [
    {
      key: 'none',
      href: '/stake',
      text: `Nothing waits for you: ${positions.length === 1 ? 'your vote' : `all ${positions.length} votes`} stand behind elected delegates.`,
      icon: <CircleCheck size={18} className="shrink-0 text-good" aria-hidden="true" />,
    },
  ]
}

function Welcome() {
  return (
    <div className="px-5 py-5">
      <ol className="space-y-2.5 text-[0.9375rem]">
        {[
          'Choose a delegate by record, not by name.',
          'Pick an amount and how long to lock it.',
          'See what changes, read the words, sign.',
        ].map((text, index) => (
          <li key={text} className="flex gap-3">
            <span
              aria-hidden="true"
              className="num grid size-6 shrink-0 place-items-center rounded-full bg-brand-soft text-xs font-semibold text-brand"
            >
              {index + 1}
            </span>
            <span>{text}</span>
          </li>
        ))}
      </ol>
      <div className="mt-5 flex flex-wrap gap-2">
        <ButtonLink href="/stake/new" kind="primary">
          Lock and vote
        </ButtonLink>
        <Button onClick={requestConnect}>Connect</Button>
      </div>
    </div>
  )
}
