import { cpus } from 'node:os'
import { performance } from 'node:perf_hooks'

/** One figure of the report. */
export interface Row {
  readonly name: string
  /** By the clock on the wall. */
  readonly value: number
  readonly unit: string
  /** The same by the processor time this process used: hardly moved by what else the machine does. */
  readonly byProcessor?: number
  /** Of processor time where there is one; the median of the ratios of each round. */
  readonly ratio?: number
  readonly base?: string
  /** The ratio is a cost: less is better. */
  readonly isCost?: true
  /** Only to look at: no run is held against it. */
  readonly isLoose?: true
  /** By the clock, to what all cores recover in the same rounds. */
  readonly ofLimit?: number
}

export interface Section {
  readonly title: string
  readonly note?: string
  readonly rows: readonly Row[]
}

/** Something to time. `run` answers how many units it did; what `before` and `after` do is not timed. */
export interface Candidate {
  readonly name: string
  before?(): void | Promise<void>
  run(): number | Promise<number>
  after?(): void | Promise<void>
}

/** Units a second in each round. */
export interface Sample {
  readonly name: string
  readonly rates: readonly number[]
  /** Units in a second of processor time, all threads of this process together. */
  readonly processorRates: readonly number[]
}

export interface Timing {
  readonly rate: number
  readonly processorRate: number
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The value below which that share of all lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export async function timed(work: () => number | Promise<number>): Promise<Timing> {
  const start = performance.now()
  const used = process.cpuUsage()
  const units = await work()
  const { user, system } = process.cpuUsage(used)
  return { rate: (units / (performance.now() - start)) * 1000, processorRate: (units / (user + system)) * 1e6 }
}

/** On a busy machine a part stops here, after at least two rounds. */
const PART_BUDGET_MS = 12_000

/** Every round runs every candidate once, in another order each time, so that what else the machine does falls on all of them. */
export async function interleave(candidates: readonly Candidate[], rounds: number): Promise<Sample[]> {
  const timings = candidates.map((): Timing[] => [])
  const start = performance.now()
  for (let round = -1; round < rounds; round += 1) {
    if (round >= 2 && performance.now() - start > PART_BUDGET_MS) break
    for (let step = 0; step < candidates.length; step += 1) {
      const index = (step + round + 1) % candidates.length
      const candidate = candidates[index]
      if (candidate === undefined) continue
      await candidate.before?.()
      const timing = await timed(() => candidate.run())
      await candidate.after?.()
      // The first round warms up.
      if (round >= 0) timings[index]?.push(timing)
    }
  }
  return candidates.map(({ name }, index) => sampleOf(name, timings[index] ?? []))
}

export function sampleOf(name: string, timings: readonly Timing[]): Sample {
  return {
    name,
    rates: timings.map(({ rate }) => rate),
    processorRates: timings.map(({ processorRate }) => processorRate),
  }
}

/** Median over the rounds of one sample against another, by processor time. */
export function ratioOf(sample: Sample, base: Sample): number {
  return median(sample.processorRates.map((rate, round) => rate / (base.processorRates[round] ?? Number.NaN)))
}

/** Units a second. A base that is a number is a rate by processor time measured in another part of the run. */
export function rateRow(
  sample: Sample,
  unit: string,
  base?: Sample | { readonly name: string; readonly value: number },
): Row {
  const byProcessor = median(sample.processorRates)
  const row = { name: sample.name, value: median(sample.rates), unit, byProcessor }
  if (base === undefined) return row
  return { ...row, ratio: 'value' in base ? byProcessor / base.value : ratioOf(sample, base), base: base.name }
}

/** Units a second against L, which took part in the same rounds: by processor time to a core, by the clock to all of them. */
export function limitRow(sample: Sample, unit: string, limit: Sample): Row {
  const ofLimit = median(sample.rates.map((rate, round) => rate / (limit.rates[round] ?? Number.NaN)))
  return { ...rateRow(sample, unit, limit), ofLimit }
}

/** Time per unit instead of units a second; `perSecond` is 1e6 for microseconds. The ratio says how many times faster than the base. */
export function costRow(
  sample: Sample,
  options: { readonly unit?: string; readonly perSecond?: number; readonly base?: Sample } = {},
): Row {
  const { unit = 'µs', perSecond = 1e6, base } = options
  const row = {
    name: sample.name,
    value: perSecond / median(sample.rates),
    unit,
    byProcessor: perSecond / median(sample.processorRates),
  }
  return base === undefined ? row : { ...row, ratio: ratioOf(sample, base), base: base.name }
}

/** Share of all cores that other processes used since this was called, 0 to 1. `child` is a process of our own, in CPU seconds. */
export function watchForeign(): (ownSeconds?: number) => number {
  const busy = (): { busy: number; all: number } => {
    let used = 0
    let all = 0
    for (const { times } of cpus()) {
      used += times.user + times.nice + times.sys + times.irq
      all += times.user + times.nice + times.sys + times.irq + times.idle
    }
    return { busy: used, all }
  }
  const start = busy()
  const own = process.cpuUsage()
  return (ownSeconds = 0) => {
    const now = busy()
    const used = process.cpuUsage(own)
    const mine = (used.user + used.system) / 1000 + ownSeconds * 1000
    return Math.max(0, (now.busy - start.busy - mine) / (now.all - start.all))
  }
}
