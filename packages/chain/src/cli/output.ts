import { formatAmount } from '#kernel'

/** Where a command reads from and writes to. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Settings of the surroundings, such as `AELF_RPC_URL`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends when the person asks a running command to stop. */
  readonly interrupted: AbortSignal
  /** Asks the person for a secret without showing what is typed; absent where nobody sits at a terminal. */
  askSecret?(question: string): Promise<string>
}

/** Text from the chain without anything that could steer a terminal. */
export function clean(text: string): string {
  let plain = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const steering =
      code < 0x20 ||
      (code >= 0x7f && code < 0xa0) ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069)
    plain += steering ? `\\u{${code.toString(16)}}` : character
  }
  return plain
}

/** Smallest units as ELF: `1,200.5 ELF`. */
export const elf = (amount: string): string => `${formatAmount(BigInt(amount))} ELF`

/** Date and time in UTC. */
export const moment = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'unknown' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Prints a value as one JSON document; integers beyond 2^53 as decimal strings. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(
    JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? entry.toString() : entry), 2),
  )
}

/** Prints names and values, one pair a line. */
export function printPairs(
  terminal: Terminal,
  pairs: readonly (readonly [name: string, value: string | number])[],
): void {
  const width = Math.max(...pairs.map(([name]) => name.length))
  for (const [name, value] of pairs) terminal.out(`${name.padEnd(width)}  ${clean(String(value))}`)
}

/** Prints rows under a heading; columns are as wide as needed. */
export function printTable(
  terminal: Terminal,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const cells = [head, ...rows.map((row) => row.map((cell) => clean(String(cell))))]
  const widths = head.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)))
  for (const row of cells)
    terminal.out(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}
