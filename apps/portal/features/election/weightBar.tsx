import { cn } from '#ui/cn.ts'

/** A thin bar: this weight against the heaviest, with a tick where the last seat is. Decorative beside the figure. */
export function WeightBar({
  weight,
  heaviest,
  cutLine,
  elected,
}: {
  weight: bigint
  heaviest: bigint
  cutLine?: bigint | undefined
  elected: boolean
}) {
  const share = (part: bigint) => (heaviest === 0n ? 0 : Number((part * 1000n) / heaviest) / 10)
  return (
    <span aria-hidden="true" className="relative block h-1.5 w-full rounded-full bg-sunken">
      <span
        className={cn('absolute inset-y-0 start-0 rounded-full', elected ? 'bg-brand' : 'bg-line-strong/70')}
        style={{ width: `${Math.max(1.5, share(weight))}%` }}
      />
      {cutLine === undefined ? null : (
        <span className="absolute -inset-y-0.5 w-px bg-ink-3" style={{ insetInlineStart: `${share(cutLine)}%` }} />
      )}
    </span>
  )
}
