import { CliError } from './exit.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const LONGEST_MS = 100 * 366 * 86_400_000

/** Milliseconds of `500ms`, `4s`, `10m`, `2h`, `90d`, `1w`; where `bareUnit` is given a bare number has that unit. Throws `cli.usage`. */
export function parseDuration(text: string, bareUnit?: 'ms'): number {
  const match = /^([0-9]{1,12})(ms|s|m|h|d|w)?$/.exec(text)
  const factor = UNIT_MS[match?.[2] ?? bareUnit ?? '']
  const ms = factor === undefined ? Number.NaN : Number(match?.[1]) * factor
  if (!(ms > 0 && ms <= LONGEST_MS)) {
    throw new CliError('cli.usage', `"${text.slice(0, 40)}" is not a duration`, 'Write 500ms, 4s, 10m, 2h, 90d or 1w.')
  }
  return ms
}

/** A duration in its two largest units: `1 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const parts: string[] = []
  let rest = Math.floor(ms / 1_000)
  for (const [unit, seconds] of [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const) {
    const count = Math.floor(rest / seconds)
    rest %= seconds
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`)
  }
  return parts.join(' ')
}
