import type { OperatorStatus } from '@aelf/governance/domain'
import { cn } from '#ui/cn.ts'
import { Facts, Panel } from '#ui/panel.tsx'
import { formatBytes } from './words.ts'

/** Beyond this the clock loses slots. */
const CLOCK_WARN_MS = 500
const DISK_WARN_SHARE = 0.1

/** The machine under the node. */
export function MachinePanel({ status }: { status: OperatorStatus }) {
  const { disk, memory, clock, info } = status
  const total = disk.usedBytes + disk.freeBytes
  const isDiskLow = total > 0 && disk.freeBytes / total < DISK_WARN_SHARE
  const offset = clock.offsetMs
  return (
    <Panel id="machine" title="Machine" flush className="xl:col-span-2">
      <Facts
        items={[
          {
            label: 'Disk',
            value: (
              <span className="num">
                <span>{`${formatBytes(disk.usedBytes)} used by the node, `}</span>
                <span
                  className={cn(isDiskLow && 'font-medium text-warn')}
                >{`${formatBytes(disk.freeBytes)} free`}</span>
              </span>
            ),
          },
          {
            label: 'Memory',
            value: (
              <span className="num">{`${formatBytes(memory.rssBytes)} in use, ${formatBytes(memory.heapBytes)} of it JavaScript`}</span>
            ),
          },
          {
            label: 'Clock',
            value:
              offset === null ? (
                'Not compared with peers yet'
              ) : (
                <span className={cn('num', Math.abs(offset) > CLOCK_WARN_MS && 'font-medium text-warn')}>
                  {`${offset > 0 ? '+' : offset < 0 ? '−' : ''}${Math.abs(Math.round(offset))} ms against its peers`}
                </span>
              ),
          },
          { label: 'Signatures', value: <span translate="no">{info.engines.signature}</span> },
          { label: 'Hashes', value: <span translate="no">{info.engines.hash}</span> },
        ]}
      />
    </Panel>
  )
}
