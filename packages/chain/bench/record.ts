import { readFileSync, writeFileSync } from 'node:fs'
import { median, type Section } from './harness.ts'

/** A ratio may be worse than its recorded median by no more than this. */
const MAX_LOSS = 0.15
/** Above this share of the cores in the hands of others, figures are compared but decide nothing. */
export const BUSY = 0.1
/** Runs whose median is held against later ones. */
const KEPT = 3

/** One ratio of a run. */
export interface Ratio {
  /** Part and row, and what it is to. */
  readonly key: string
  readonly value: number
  /** Less is better. */
  readonly isCost: boolean
}

/** Where and with what a run was saved. */
export interface RunFacts {
  readonly date: string
  readonly machine: string
  readonly node: string
  readonly commit: string
}

interface RecordedRatio {
  readonly median: number
  /** Of the newest runs, the newest last. */
  readonly last: readonly number[]
  readonly isCost: boolean
}

/** What earlier runs reached, as it is committed. */
export interface Recorded {
  readonly saved: readonly RunFacts[]
  readonly ratios: Readonly<Record<string, RecordedRatio>>
}

export interface Comparison {
  readonly lost: readonly {
    readonly key: string
    readonly value: number
    readonly median: number
    readonly loss: number
  }[]
  readonly compared: number
  /** Ratios that nobody has recorded yet. */
  readonly unknown: readonly string[]
  /** Recorded ratios of the parts that ran which this run does not have. */
  readonly missing: readonly string[]
}

/** The ratios of a part of the run: of processor time, and by the clock to what all cores recover. */
export function ratiosOf(part: string, { rows }: Section): Ratio[] {
  const held = rows.filter(({ isLoose }) => isLoose !== true)
  return held.flatMap(({ name, ratio, ofLimit, isCost = false }) => [
    ...(ratio === undefined ? [] : [{ key: `${part}: ${name}`, value: ratio, isCost }]),
    ...(ofLimit === undefined ? [] : [{ key: `${part}: ${name}, by the clock to L`, value: ofLimit, isCost: false }]),
  ])
}

const partOf = (key: string): string => key.slice(0, key.indexOf(':'))

/** Holds a run against what is recorded. */
export function compare(ratios: readonly Ratio[], recorded: Recorded): Comparison {
  const lost: Comparison['lost'][number][] = []
  const unknown: string[] = []
  for (const { key, value, isCost } of ratios) {
    const known = recorded.ratios[key]
    if (known === undefined) {
      unknown.push(key)
      continue
    }
    const loss = isCost ? 1 - known.median / value : 1 - value / known.median
    // Whatever is no number is lost as well.
    if (!(loss <= MAX_LOSS)) lost.push({ key, value, median: known.median, loss })
  }
  const measured = new Set(ratios.map(({ key }) => key))
  const parts = new Set(ratios.map(({ key }) => partOf(key)))
  const missing = Object.keys(recorded.ratios).filter((key) => parts.has(partOf(key)) && !measured.has(key))
  return { lost, compared: ratios.length - unknown.length, unknown, missing }
}

const rounded = (value: number): number => Number(value.toPrecision(4))

/** Adds a run; what it did not measure stays as it was. */
export function withRun(recorded: Recorded, ratios: readonly Ratio[], facts: RunFacts): Recorded {
  const next: Record<string, RecordedRatio> = { ...recorded.ratios }
  for (const { key, value, isCost } of ratios) {
    const last = [...(next[key]?.last ?? []), rounded(value)].slice(-KEPT)
    next[key] = { median: median(last), last, isCost }
  }
  return { saved: [...recorded.saved, facts].slice(-KEPT), ratios: next }
}

const FILE = new URL('./recorded.json', import.meta.url)

export function readRecorded(): Recorded {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Recorded
}

export function writeRecorded(recorded: Recorded): void {
  writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`)
}

/** What a run says of the recorded ones, and whether it fails. */
export function verdictOf(
  comparison: Comparison,
  foreign: number,
): { readonly lines: readonly string[]; readonly fails: boolean } {
  const { lost, compared, unknown, missing } = comparison
  const isBusy = foreign > BUSY
  const lines = [
    `${compared} ratios compared with the recorded median of up to ${KEPT} runs, ${lost.length} lost more than ${MAX_LOSS * 100} %`,
    ...lost.map(
      ({ key, value, median: known, loss }) =>
        `LOST ${(loss * 100).toFixed(0)} %: ${key}: ${value.toPrecision(3)} instead of ${known.toPrecision(3)}`,
    ),
    ...(unknown.length === 0 ? [] : [`not recorded yet: ${unknown.length}`]),
    ...missing.map((key) => `recorded but not measured: ${key}`),
  ]
  if (isBusy) lines.push(`others used ${(foreign * 100).toFixed(0)} % of the cores, so nothing fails for it`)
  return { lines, fails: lost.length > 0 && !isBusy }
}
