import type { DelegateView, RoundSlotView } from '@aelf/governance/domain'
import { ExternalLink } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Backers, ProfileChanges } from '#features/delegate/records.tsx'
import { RoundHistory } from '#features/delegate/roundHistory.tsx'
import { DelegateStatusBadge } from '#features/delegate/statusBadge.tsx'
import { TermRewards } from '#features/delegate/termRewards.tsx'
import { Uptime } from '#features/delegate/uptime.tsx'
import { WeightHistory } from '#features/delegate/weightHistory.tsx'
import { BlockTable } from '#features/explorer/blockTable.tsx'
import { LiveRefresh } from '#features/live/refresh.tsx'
import { Prove } from '#features/proof/prove.tsx'
import { candidateRequest, votesRequest } from '#features/proof/request.ts'
import { slotReason } from '#features/round/slotText.ts'
import { api, attempt, found } from '#server/api.ts'
import { AsOf } from '#ui/asOf.tsx'
import { ButtonLink } from '#ui/button.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Link } from '#ui/link.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { Amount, Weight } from '#ui/number/amount.tsx'
import { formatAmountShort, formatBasisPoints, formatCount, formatInteger } from '#ui/number/format.ts'
import { PageHeader, Panel, Stat } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

/** A quarter of a year. */
const TERMS_SHOWN = 13

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const outcome = await attempt(api().delegate.get({ address: (await params).id }))
  return { title: outcome.ok ? outcome.value.name : 'Delegate' }
}

export default async function DelegatePage({ params }: Props) {
  const delegate = await found(api().delegate.get({ address: (await params).id }))
  if (delegate === undefined) notFound()
  const [misses, rewards] = await Promise.all([
    recentMisses(delegate),
    attempt(api().reward.byDelegate({ address: delegate.address, limit: TERMS_SHOWN })),
  ])
  const website = websiteOf(delegate.url)
  const votable = delegate.status !== 'quit' && delegate.status !== 'evicted'
  return (
    <>
      <LiveRefresh on={['round', 'term', 'reorganised']} />
      <PageHeader
        crumbs={[{ href: '/delegates', text: 'Delegates' }]}
        title={
          <span className="flex flex-wrap items-center gap-3">
            <Identicon address={delegate.address} size={44} />
            <span translate="no">{delegate.name}</span>
            <DelegateStatusBadge status={delegate.status} />
          </span>
        }
        lead={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="inline-flex items-center gap-1 font-mono text-sm break-all" translate="no">
              <span>{delegate.address}</span>
              <CopyButton value={delegate.address} label="address" />
            </span>
            {website === undefined ? null : (
              <a
                href={website.href}
                rel="noreferrer nofollow ugc"
                target="_blank"
                className="link inline-flex min-h-6 items-center gap-1 text-sm"
              >
                <span translate="no">{website.host}</span>
                <ExternalLink size={13} aria-hidden="true" />
                <span className="sr-only">(leaves this site)</span>
              </a>
            )}
          </span>
        }
        aside={
          <>
            <ButtonLink href={`/me/notifications?delegate=${delegate.address}`}>Alerts</ButtonLink>
            {votable ? (
              <ButtonLink href={`/stake/new?delegate=${delegate.address}`} kind="primary">
                Vote for this delegate
              </ButtonLink>
            ) : null}
          </>
        }
      />
      {delegate.excludedUntilMs === undefined ? null : (
        <Notice kind="warn" className="mb-6" title="Excluded from the schedule after two missed slots in a row">
          <span>It returns </span>
          <Time at={delegate.excludedUntilMs} mode="both" />
        </Notice>
      )}
      <Headline delegate={delegate} />
      <div className="mt-6 grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Panel id="weight" title="Votes over time">
          <WeightHistory points={delegate.weightHistory} cutLine={delegate.cutLineWeight} />
        </Panel>
        <Panel id="performance" title="Block production" note="One mark a round; striped where a slot was missed">
          <RoundHistory rounds={delegate.rounds} />
          <Misses misses={misses} delegate={delegate} />
        </Panel>
        <Panel id="backers" title="Largest voters" flush>
          {delegate.topBackers.length === 0 ? (
            <EmptyState title="No votes yet" />
          ) : (
            <Backers backers={delegate.topBackers} />
          )}
        </Panel>
        <Panel id="commission" title="Commission and profile changes" flush>
          <ProfileChanges changes={delegate.profileChanges} />
        </Panel>
      </div>
      <Panel
        id="rewards"
        title="Shared with voters"
        note="of terms that have ended; 1,000 ELF locked for 90 days are 1,000 votes"
        flush
        className="mt-6"
      >
        {rewards.ok ? <TermRewards terms={rewards.value.items} /> : <EmptyState title="Past terms can’t be read now" />}
      </Panel>
      <Panel
        id="blocks"
        title="Recent blocks"
        flush
        className="mt-6"
        aside={
          <Link href={`/explorer/blocks?producer=${delegate.address}`} className="link text-sm">
            All its blocks
          </Link>
        }
      >
        {delegate.recentBlocks.length === 0 ? (
          <EmptyState title="No block made yet" />
        ) : (
          <BlockTable blocks={delegate.recentBlocks} />
        )}
      </Panel>
      <div className="mt-4">
        <AsOf asOf={delegate.asOf} />
      </div>
    </>
  )
}

/** The chain stores an address as text: what no browser can open is not shown as a link, and must not take the page with it. */
function websiteOf(url: string): URL | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  return parsed?.protocol === 'https:' ? parsed : undefined
}

function Headline({ delegate }: { delegate: DelegateView }) {
  const margin = delegate.cutLineMargin
  return (
    <dl className="panel grid grid-cols-2 gap-x-6 gap-y-5 p-5 md:grid-cols-3 xl:grid-cols-6">
      <Stat
        label="Rank"
        note={delegate.isElectedNext ? `inside the ${delegate.seats} seats` : `${delegate.seats} seats`}
      >
        {delegate.rank ?? '–'}
      </Stat>
      <Stat
        label="Votes"
        note={
          <span>
            {`${formatBasisPoints(delegate.shareBps)} of all `}
            {delegate.hasEndedVotes ? '· without ended locks' : <Prove request={votesRequest(delegate)} />}
          </span>
        }
      >
        <Weight units={delegate.weight} />
      </Stat>
      <Stat
        label="To the cut-line"
        note={margin >= 0n ? 'above the last seat' : 'needed for a seat'}
      >{`${margin >= 0n ? '+' : '−'}${formatAmountShort(margin >= 0n ? margin : -margin)}`}</Stat>
      <Stat label="Staked" note={formatCount(delegate.voters, 'voter')}>
        <Amount units={delegate.staked} short />
      </Stat>
      <Stat
        label="Commission"
        note={
          <span>
            {'kept before sharing '}
            <Prove request={candidateRequest(delegate)} />
          </span>
        }
      >
        {formatBasisPoints(delegate.commissionBps)}
      </Stat>
      <Stat
        label="Uptime, this term"
        note={
          <span>
            {'all time '}
            <Uptime performance={delegate.lifetime} />
          </span>
        }
      >
        <Uptime performance={delegate.term} detailed />
      </Stat>
    </dl>
  )
}

const ROUNDS_WITH_REASONS = 4

interface Miss {
  readonly round: number
  readonly slot: RoundSlotView
}

/** The slots behind the newest misses, with the reason the round records. */
async function recentMisses(delegate: DelegateView): Promise<readonly Miss[]> {
  const rounds = delegate.rounds
    .filter((round) => round.missed > 0)
    .toSorted((a, b) => b.round - a.round)
    .slice(0, ROUNDS_WITH_REASONS)
  const outcomes = await Promise.all(rounds.map((round) => attempt(api().round.get({ number: round.round }))))
  return outcomes.flatMap((outcome) =>
    outcome.ok
      ? outcome.value.slots
          .filter((slot) => slot.producer === delegate.address && slot.state === 'missed')
          .map((slot) => ({ round: outcome.value.number, slot }))
      : [],
  )
}

function Misses({ misses, delegate }: { misses: readonly Miss[]; delegate: DelegateView }) {
  if (delegate.lifetime.missed === 0)
    return (
      <p className="mt-4 text-sm text-ink-2">{`All ${formatInteger(delegate.lifetime.produced)} slots became blocks.`}</p>
    )
  return (
    <div className="mt-5">
      <h3 className="text-sm font-semibold">{`Missed slots · ${formatInteger(delegate.lifetime.missed)} in all`}</h3>
      <ul className="mt-2 space-y-2 text-sm">
        {misses.map(({ round, slot }) => (
          <li key={slot.slot.toString()} className="flex gap-3">
            <span
              aria-hidden="true"
              className="hatch mt-0.5 block h-5 w-3 shrink-0 rounded-[3px] ring-1 ring-inset ring-oppose"
            />
            <span className="min-w-0 flex-1">{slotReason(slot.reason) ?? 'No block arrived in its slot.'}</span>
            <Link href={`/rounds/${round}`} className="link num shrink-0">{`Round ${formatInteger(round)}`}</Link>
            <Time at={slot.timeMs} className="shrink-0 text-ink-3" />
          </li>
        ))}
      </ul>
    </div>
  )
}
