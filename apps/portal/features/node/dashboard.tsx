'use client'

import type { OperatorStatus } from '@aelf/governance/domain'
import { Unplug } from 'lucide-react'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { Notice, SkeletonRows } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel, Stat } from '#ui/panel.tsx'
import { formatDuration } from '#ui/time/format.ts'
import { Countdown, Time } from '#ui/time/time.tsx'
import { DelegatePanel } from './delegatePanel.tsx'
import { LogsPanel } from './logsPanel.tsx'
import { MachinePanel } from './machinePanel.tsx'
import { PeersPanel } from './peersPanel.tsx'
import { SlotsPanel } from './slotsPanel.tsx'
import type { NodeConsole } from './useNodeConsole.ts'
import { useNodeStatus } from './useNodeStatus.ts'
import { ROLE_TEXT, SYNC_TEXT, whatToDo } from './words.ts'

/** A paired node, as it is now. */
export function Dashboard({
  console,
  stage,
}: {
  console: NodeConsole
  stage: Extract<NodeConsole['stage'], { step: 'paired' }>
}) {
  const { token } = stage.pairing
  const { value: status, atMs, failure } = useNodeStatus(console, token)
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
          <Badge tone="good">Paired</Badge>
          <span className="font-mono break-all" translate="no">
            {stage.url}
          </span>
          <span className="text-ink-3">
            <span>until </span>
            <Time at={stage.pairing.expiresAtMs} mode="absolute" />
          </span>
        </p>
        <Button size="small" onClick={() => void console.leave()}>
          <Unplug size={15} aria-hidden="true" />
          <span>Unpair</span>
        </Button>
      </div>
      {failure === undefined ? null : (
        <Notice
          kind="error"
          title={failure.kind === 'unreachable' ? 'The node does not answer any more' : failure.title}
          code={failure.code}
        >
          <span>
            {atMs === undefined
              ? 'There is no earlier answer. It is asked again every two seconds.'
              : `What you see is ${formatDuration(Date.now() - atMs)} old. It is asked again every two seconds.`}
          </span>
        </Notice>
      )}
      {status === undefined ? (
        failure === undefined ? (
          <div className="panel">
            <SkeletonRows rows={5} />
          </div>
        ) : null
      ) : (
        <Status status={status} />
      )}
      <LogsPanel console={console} token={token} />
    </div>
  )
}

function Status({ status }: { status: OperatorStatus }) {
  return (
    <>
      <Warnings status={status} />
      <Headline status={status} />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <SlotsPanel slots={status.recentSlots} isDelegate={status.delegate !== null} />
        <DelegatePanel status={status} />
        <PeersPanel peers={status.peers} bans={status.bans} />
        <MachinePanel status={status} />
      </div>
    </>
  )
}

function Warnings({ status }: { status: OperatorStatus }) {
  if (status.warnings.length === 0) return null
  return (
    <Panel id="warnings" title={`Needs you · ${formatInteger(status.warnings.length)}`}>
      <ul className="space-y-3">
        {status.warnings.map((warning) => (
          <li key={`${warning.code} ${warning.message}`}>
            <Notice kind="warn" title={warning.message} code={warning.code}>
              {whatToDo(warning)}
            </Notice>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function Headline({ status: { info, delegate } }: { status: OperatorStatus }) {
  const sync = SYNC_TEXT[info.sync.state]
  const behind = BigInt(info.sync.targetHeight) - BigInt(info.sync.height)
  return (
    <dl className="panel grid grid-cols-2 gap-x-6 gap-y-5 p-5 md:grid-cols-3 xl:grid-cols-5">
      <Stat
        label="Sync"
        note={info.sync.reason ?? (behind > 0n ? `${formatInteger(behind)} blocks to go` : 'at the newest known block')}
      >
        <Badge tone={sync.tone}>{sync.text}</Badge>
      </Stat>
      <Stat label="Height" note={<span translate="no">{info.network}</span>}>
        {formatInteger(BigInt(info.sync.height))}
      </Stat>
      <Stat label="Next slot" note={nextSlotNote(delegate)}>
        {delegate?.nextSlotAtMs == null ? '–' : <Countdown until={delegate.nextSlotAtMs} due="now" />}
      </Stat>
      <Stat label="Role" note={delegate?.inRotation === true ? 'in the rotation' : 'not in the rotation'}>
        <span className="text-base">{ROLE_TEXT[info.role] ?? info.role}</span>
      </Stat>
      <Stat
        label="Version"
        note={
          <span>
            <span>up </span>
            <span className="num">{formatDuration(info.nowMs - info.startedAtMs)}</span>
          </span>
        }
      >
        <span translate="no">{info.version}</span>
      </Stat>
    </dl>
  )
}

function nextSlotNote(delegate: OperatorStatus['delegate']): string {
  if (delegate === null) return 'this node runs no delegate'
  if (delegate.watching) return 'watching first: no slot is signed yet'
  if (delegate.excludedUntilMs !== null) return 'excluded for now'
  if (!delegate.inRotation) return 'not elected this term'
  return delegate.nextSlotAtMs === null ? 'known when the next round begins' : 'of this delegate'
}
