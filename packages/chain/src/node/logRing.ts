import type { LogLevel } from './logger.ts'

type Level = Exclude<LogLevel, 'silent'>

/** One line of the log, as the operator's console shows it. */
export interface LogLine {
  readonly timeMs: number
  readonly level: Level
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The newest lines of the log, in memory. */
export interface LogRing {
  add(line: Omit<LogLine, 'timeMs'>): void
  /** The newest lines of a level and above it, oldest first. */
  newest(options: { readonly limit: number; readonly level: Level }): LogLine[]
}

const MAX_LINES = 2000
const MAX_MESSAGE_CHARS = 1000
/** A line with more fields than this much JSON keeps its message only. */
const MAX_FIELDS_CHARS = 2000
const RANKS: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

function boundedFields(fields: LogLine['fields']): LogLine['fields'] {
  let text: string
  try {
    text = JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  } catch {
    return { unreadable: true }
  }
  // A copy: what a caller changes later must not change the log.
  return text.length <= MAX_FIELDS_CHARS ? (JSON.parse(text) as LogLine['fields']) : { tooLong: text.length }
}

/** A ring of 2,000 lines. Lines below `level` are not kept. */
export function createLogRing(options: { readonly level?: Level } = {}): LogRing {
  const floor = RANKS[options.level ?? 'info']
  let lines: LogLine[] = []
  return {
    add({ level, message, fields }) {
      if (RANKS[level] < floor) return
      lines.push({
        timeMs: Date.now(),
        level,
        message: message.slice(0, MAX_MESSAGE_CHARS),
        fields: boundedFields(fields),
      })
      // Cut in blocks, so that a line costs the same at any length.
      if (lines.length >= 2 * MAX_LINES) lines = lines.slice(-MAX_LINES)
    },
    newest({ limit, level }) {
      const wanted = lines.slice(-MAX_LINES).filter((line) => RANKS[line.level] >= RANKS[level])
      return limit > 0 ? wanted.slice(-limit) : []
    },
  }
}
