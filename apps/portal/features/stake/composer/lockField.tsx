'use client'

import { DAY_MS, LOCK_DAYS_MAX, LOCK_DAYS_MIN } from '@aelf/governance/domain'
import { Slider } from '@base-ui/react/slider'
import { cn } from '#ui/cn.ts'
import { formatInteger } from '#ui/number/format.ts'
import { useNow } from '#ui/time/clock.tsx'
import { Time } from '#ui/time/time.tsx'
import { LockCurve } from './lockCurve.tsx'

const PRESETS = [
  { days: 90, text: '90 days' },
  { days: 180, text: '6 months' },
  { days: 365, text: '1 year' },
  { days: 730, text: '2 years' },
  { days: 1080, text: '1,080 days' },
] as const

interface LockFieldProps {
  days: number
  onChange: (days: number) => void
  minDays?: number
  label?: string
}

/** Lock time: a curve that shows what it buys, a slider under it on the same axis, and the usual choices. */
export function LockField({ days, onChange, minDays = LOCK_DAYS_MIN, label = 'Lock time' }: LockFieldProps) {
  const now = useNow()
  const set = (value: number) => onChange(Math.min(LOCK_DAYS_MAX, Math.max(minDays, value)))
  return (
    <div>
      <LockCurve days={days} />
      <Slider.Root
        value={days}
        min={LOCK_DAYS_MIN}
        max={LOCK_DAYS_MAX}
        step={1}
        largeStep={30}
        onValueChange={(value) => set(value)}
      >
        <Slider.Control className="ms-8 me-3 flex h-11 touch-none items-center select-none">
          <Slider.Track className="h-1.5 w-full rounded-full bg-line">
            <Slider.Indicator className="rounded-full bg-brand" />
            <Slider.Thumb
              aria-label={label}
              getAriaValueText={(_, value) => `${value} days`}
              className="size-6 rounded-full border-[3px] border-brand bg-surface shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-brand"
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
      <div className="flex flex-wrap gap-1.5">
        {PRESETS.map((preset) => (
          <button
            key={preset.days}
            type="button"
            aria-pressed={days === preset.days}
            disabled={preset.days < minDays}
            onClick={() => set(preset.days)}
            className={cn(
              'h-8 rounded-full border px-3 text-sm font-medium transition-colors disabled:opacity-50',
              days === preset.days
                ? 'border-brand bg-brand-soft text-brand'
                : 'border-line text-ink-2 hover:border-line-strong',
            )}
          >
            {preset.text}
          </button>
        ))}
      </div>
      <p className="mt-3 text-sm text-ink-2">
        <span className="num font-medium text-ink">{`${formatInteger(days)} days`}</span>
        <span>{', until '}</span>
        <Time at={now + days * DAY_MS} mode="day" className="font-medium text-ink" />
        <span> in your time zone</span>
      </p>
    </div>
  )
}
