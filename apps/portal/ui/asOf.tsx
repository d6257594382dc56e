import type { DataAge } from '@aelf/governance/domain'
import { cn } from './cn.ts'
import { Seal } from './seal.tsx'
import { Time } from './time/time.tsx'

/** When and at which block the figures of a page were read, and who vouches for them. */
export function AsOf({ asOf, className }: { asOf: DataAge; className?: string | undefined }) {
  const behind = asOf.behind ?? 0n
  const state = behind > 20n ? 'stale' : 'server'
  return (
    <span className={cn('inline-flex flex-wrap items-center gap-x-2 text-xs text-ink-3', className)}>
      <Seal state={state} height={asOf.height} />
      {asOf.timeMs === undefined ? null : <Time at={asOf.timeMs} />}
      {behind > 1n ? <span>{`index ${behind} blocks behind`}</span> : null}
    </span>
  )
}
