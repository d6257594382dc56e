import type { CandidateView, CollectionEventView, UpgradeRuleView } from '@aelf/governance/domain'
import { Link } from '#ui/link.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel, Stat } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import { ShareBar } from './shareBar.tsx'

const isHeld = ({ signals }: CandidateView, { lockIn }: UpgradeRuleView): boolean => signals >= lockIn

/** After the lock-in: how far the count is, when it would end, and what sets it back. */
export function CountPanel({
  candidate,
  rule,
  log,
}: {
  candidate: CandidateView
  rule: UpgradeRuleView
  log: readonly CollectionEventView[]
}) {
  const { confirmed, lockedAt, lockedAtMs } = candidate
  const resets = log.filter(({ kind, height }) => kind === 'reset' && height > lockedAt)
  const confirm = formatInteger(rule.confirm)
  return (
    <Panel id="count" title="The count after the lock-in" note={`${confirm} blocks in a row`}>
      <ShareBar
        count={confirmed}
        of={rule.confirm}
        text={`${formatInteger(confirmed)} of ${confirm} blocks in a row found the support`}
      />
      {isHeld(candidate, rule) ? null : (
        <Notice kind="warn" className="mt-4" title="The count stands at zero">
          {`${candidate.signals} of the last ${rule.window} blocks signal it. The count begins again with the block that finds ${rule.lockIn}.`}
        </Notice>
      )}
      <dl className="mt-5 grid grid-cols-1 gap-5 sm:grid-cols-2">
        <Stat
          label="Locked in by"
          note={<Time at={lockedAtMs} mode="both" />}
        >{`Block ${formatInteger(lockedAt)}`}</Stat>
        <Projection candidate={candidate} held={isHeld(candidate, rule)} />
      </dl>
      <p className="mt-5 text-sm text-ink-2">
        {`A block that finds fewer than ${rule.lockIn} of the last ${rule.window} signalling it sets the count back to zero. The lock-in stays, until another successor reaches the line and takes its place.`}
      </p>
      <h3 className="mt-5 text-sm font-semibold">
        {resets.length === 0
          ? 'It was never set back'
          : `Set back ${resets.length === 1 ? 'once' : `${formatInteger(resets.length)} times`}`}
      </h3>
      {resets.length === 0 ? null : (
        <ul className="mt-2 space-y-1 text-sm text-ink-2">
          {resets.map(({ height, timeMs, confirmed: lost, signals }) => (
            <li key={height.toString()} className="flex flex-wrap gap-x-2">
              <Link href={`/explorer/blocks/${height}`} className="link num">{`Block ${formatInteger(height)}`}</Link>
              <span>{`after ${formatInteger(lost)} blocks: ${signals} of ${rule.window} signalled it`}</span>
              <Time at={timeMs} className="text-ink-3" />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Projection({ candidate, held }: { candidate: CandidateView; held: boolean }) {
  const { height, timeMs, blocksLeft } = candidate.projection
  if (!held)
    return (
      <Stat label="Activation, projected" note="No date while the support is too small">
        Not yet
      </Stat>
    )
  return (
    <Stat
      label="Activation, projected"
      note={
        <span>
          <Time at={timeMs} mode="both" />
          <span className="block">
            {`A projection: ${formatInteger(blocksLeft)} more blocks at the pace of the newest ones, if every one of them finds the support.`}
          </span>
        </span>
      }
    >{`Block ${formatInteger(height)}`}</Stat>
  )
}
