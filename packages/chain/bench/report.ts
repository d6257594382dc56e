import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'
import type { Section } from './harness.ts'
import type { RunFacts } from './record.ts'

export const machine: string = `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`

export const now = (): string => `${new Date().toISOString().slice(0, 16)}Z`

/** A part of a run and what others used meanwhile. */
export interface MeasuredPart extends Section {
  readonly foreign: number
}

/** A run of `npm run bench` as it is written with `--json`. */
export interface BenchRun extends RunFacts {
  readonly foreign: number
  readonly seconds: number
  /** All parts, so that its time is that of the whole. */
  readonly isWhole: boolean
  readonly parts: Readonly<Record<string, MeasuredPart>>
  readonly lost: number
}

/** One contender's figure in a run of `npm run bench:peers`. */
export interface PeerRow {
  readonly name: string
  readonly isOwn: boolean
  /** Undefined when it failed. */
  readonly value: number | undefined
  /** The same right after the start, where that is another figure. */
  readonly first?: number | undefined
  readonly unit: string
  /** How many times as fast this program is. */
  readonly ratio: number | undefined
  readonly foreign: number
}

/** A run of `npm run bench:peers` as it is written with `--json`. */
export interface PeersRun extends RunFacts {
  readonly works: Readonly<Record<string, readonly PeerRow[]>>
}

/** The commit that is measured, with a plus where files differ from it. */
export function commitOf(): string {
  const git = (...words: string[]): string => execFileSync('git', words, { encoding: 'utf8' }).trim()
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}

function formatValue(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** A part of the run as a table. */
export function tableOf(section: Section, foreign: number, seconds: number): string {
  return [
    `### ${section.title}`,
    '',
    `${seconds.toFixed(0)} s, others used ${(foreign * 100).toFixed(0)} % of the cores${section.note === undefined ? '' : `; ${section.note}`}`,
    '',
    '| | by the clock | by processor time | ratio | to | by the clock to L |',
    '| --- | ---: | ---: | ---: | --- | ---: |',
    ...section.rows.map(({ name, value, unit, byProcessor, ratio, base, ofLimit }) => {
      const processor = byProcessor === undefined ? '' : `${formatValue(byProcessor)} ${unit}`
      const ratios = `${ratio?.toPrecision(3) ?? ''} | ${base ?? ''} | ${ofLimit?.toPrecision(3) ?? ''}`
      return `| ${name} | ${formatValue(value)} ${unit} | ${processor} | ${ratios} |`
    }),
    '',
  ].join('\n')
}
