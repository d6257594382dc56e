'use client'

import type { RoundView, SlotState } from '@aelf/governance/domain'
import { ChartNoAxesColumn, List } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { Badge } from '#ui/badge.tsx'
import { cn } from '#ui/cn.ts'
import { Address } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { useNow } from '#ui/time/clock.tsx'
import { Time } from '#ui/time/time.tsx'
import { reasonText, STATE_TEXT, slotLabel, stateAt } from './slotText.ts'

/** One round, slot by slot, filling as blocks arrive. Every slot is a button; the same facts are one press away as a list. */
export function RoundStrip({ round }: { round: RoundView }) {
  const now = useNow()
  const [view, setView] = useState<'strip' | 'list'>('strip')
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const states = round.slots.map((_, index) =>
    round.isCurrent ? stateAt(round.slots, index, now) : (round.slots[index]?.state ?? 'upcoming'),
  )
  const currentIndex = states.indexOf('current')
  const lastProduced = states.lastIndexOf('produced')
  const shown = chosen ?? (currentIndex >= 0 ? currentIndex : Math.max(0, lastProduced))
  return (
    <div>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <Legend />
        <ViewSwitch view={view} onChange={setView} />
      </div>
      {view === 'strip' ? (
        <>
          <Strip round={round} states={states} shown={shown} onChoose={setChosen} />
          <SlotDetail round={round} index={shown} state={states[shown] ?? 'upcoming'} />
        </>
      ) : (
        <SlotList round={round} states={states} />
      )}
    </div>
  )
}

function ViewSwitch({ view, onChange }: { view: 'strip' | 'list'; onChange: (view: 'strip' | 'list') => void }) {
  return (
    <fieldset className="inline-flex rounded-lg bg-sunken p-0.5 text-sm">
      <legend className="sr-only">Show slots as</legend>
      {(
        [
          ['strip', 'Strip', ChartNoAxesColumn],
          ['list', 'List', List],
        ] as const
      ).map(([value, text, Icon]) => (
        <button
          key={value}
          type="button"
          aria-pressed={view === value}
          onClick={() => onChange(value)}
          className={cn(
            'flex h-7 items-center gap-1.5 rounded-md px-2.5 font-medium transition-colors',
            view === value ? 'bg-surface text-ink shadow-card' : 'text-ink-3 hover:text-ink',
          )}
        >
          <Icon size={14} aria-hidden="true" />
          <span>{text}</span>
        </button>
      ))}
    </fieldset>
  )
}

/** The look of a slot: filled, striped, outlined or hollow, so that it reads without colour. */
function markStyle(state: SlotState): string {
  switch (state) {
    case 'produced':
      return 'bg-brand'
    case 'missed':
      return 'hatch ring-1 ring-inset ring-oppose'
    case 'current':
      return 'ring-2 ring-inset ring-brand bg-brand-soft'
    case 'skipped':
      return 'ring-1 ring-inset ring-line bg-sunken'
    case 'upcoming':
      return 'ring-1 ring-inset ring-line-strong/50'
  }
}

function Legend() {
  const shown: readonly SlotState[] = ['produced', 'current', 'upcoming', 'missed']
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2" aria-label="Legend">
      {shown.map((state) => (
        <li key={state} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={cn('size-3 rounded-[3px]', markStyle(state))} />
          <span>{STATE_TEXT[state]}</span>
        </li>
      ))}
    </ul>
  )
}

interface StripProps {
  round: RoundView
  states: readonly SlotState[]
  shown: number
  onChoose: (index: number) => void
}

function Strip({ round, states, shown, onChoose }: StripProps) {
  const list = useRef<HTMLOListElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = Math.min(round.slots.length - 1, Math.max(0, shown + step))
    onChoose(next)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  const half = Math.ceil(round.slots.length / 2)
  return (
    <ol
      ref={list}
      onKeyDown={onKeyDown}
      aria-label={`Slots of round ${round.number}`}
      className="grid grid-cols-(--phone-slots) gap-1 sm:grid-cols-(--wide-slots) sm:gap-1.5"
      style={
        {
          '--phone-slots': `repeat(${half}, minmax(0, 1fr))`,
          '--wide-slots': `repeat(${round.slots.length}, minmax(0, 1fr))`,
        } as React.CSSProperties
      }
    >
      {round.slots.map((slot, index) => {
        const state = states[index] ?? 'upcoming'
        return (
          <li key={slot.slot.toString()}>
            <button
              type="button"
              aria-label={slotLabel(slot, index, state)}
              aria-pressed={index === shown}
              onClick={() => onChoose(index)}
              className={cn(
                'flex w-full min-w-6 flex-col items-center gap-1.5 rounded-lg p-1 transition-colors',
                index === shown ? 'bg-sunken' : 'hover:bg-sunken',
              )}
            >
              <span
                aria-hidden="true"
                className={cn(
                  'block h-9 w-full rounded-md transition-colors duration-200 sm:h-12',
                  markStyle(state),
                  state === 'current' && 'live-dot',
                )}
              />
              <Identicon address={slot.producer} size={18} />
              <span aria-hidden="true" className="num text-[0.6875rem] leading-none text-ink-3">
                {slot.isExtra ? '+' : index + 1}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}

function SlotDetail({ round, index, state }: { round: RoundView; index: number; state: SlotState }) {
  const slot = round.slots[index]
  if (slot === undefined) return null
  return (
    <div className="mt-3 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-sunken px-4 py-2.5 text-sm">
      <span className="font-medium">{slot.isExtra ? 'Extra slot' : `Slot ${index + 1}`}</span>
      <SlotBadge state={state} />
      <Address address={slot.producer} name={slot.producerName} href={`/delegates/${slot.producer}`} />
      {slot.height === undefined ? null : (
        <Link
          href={`/explorer/blocks/${slot.height}`}
          className="link num"
        >{`Block ${formatInteger(slot.height)}`}</Link>
      )}
      {reasonText(slot) === undefined ? null : <span className="text-ink-2">{reasonText(slot)}</span>}
      <Time at={slot.timeMs} className="ms-auto text-ink-3" />
    </div>
  )
}

export function SlotBadge({ state }: { state: SlotState }) {
  const tone = state === 'produced' || state === 'current' ? 'brand' : state === 'missed' ? 'oppose' : 'neutral'
  return <Badge tone={tone}>{STATE_TEXT[state]}</Badge>
}

function SlotList({ round, states }: { round: RoundView; states: readonly SlotState[] }) {
  return (
    <ol className="divide-y divide-line rounded-xl border border-line">
      {round.slots.map((slot, index) => (
        <li key={slot.slot.toString()} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2 text-sm">
          <span className="num w-12 text-ink-3">{slot.isExtra ? 'Extra' : index + 1}</span>
          <span className="min-w-40 flex-1">
            <Address address={slot.producer} name={slot.producerName} href={`/delegates/${slot.producer}`} />
          </span>
          <SlotBadge state={states[index] ?? 'upcoming'} />
          <span className="num w-24">
            {slot.height === undefined ? (
              ''
            ) : (
              <Link href={`/explorer/blocks/${slot.height}`} className="link">
                {formatInteger(slot.height)}
              </Link>
            )}
          </span>
          <Time at={slot.timeMs} className="w-24 text-ink-3" />
          {reasonText(slot) === undefined ? null : (
            <span className="w-full text-ink-2 sm:ps-16">{reasonText(slot)}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
