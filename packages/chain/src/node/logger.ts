import { pino } from 'pino'
import type { LogFields, Logger } from '#primitives'
import type { LogRing } from './logRing.ts'
import { createRedactor, type Redactor } from './redactor.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
export type LogFormat = 'json' | 'pretty'

export interface LoggerOptions {
  readonly name?: string
  /** `json`: one object a line, for machines; `pretty`: one sentence a line, for people. Default `json`. */
  readonly format?: LogFormat
  /** Keeps the newest lines for the operator's console. */
  readonly ring?: LogRing
  /** Knows what must never be written. */
  readonly redactor?: Redactor
  /** Where lines go; standard error when left out. */
  readonly write?: (line: string) => void
}

type Level = Exclude<LogLevel, 'silent'>
type Fields = Record<string, unknown>

const COLUMNS: Readonly<Record<Level, string>> = { debug: 'debug', info: 'info ', warn: 'WARN ', error: 'ERROR' }

/** Line breaks and control characters of foreign text would let it write lines of its own. */
const clean = (text: string): string => text.replace(/\p{Cc}/gu, ' ')

function shown(value: unknown): string {
  if (typeof value === 'string') return /^[\w.:/@-]+$/.test(value) ? value : JSON.stringify(value)
  return clean(JSON.stringify(value) ?? String(value))
}

function prettyLine(level: Level, fields: Fields, message: string): string {
  const time = new Date().toISOString().slice(11, 23)
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`)
  return `${time} ${COLUMNS[level]} ${clean(message)}${rest.join('')}\n`
}

/** Big integers as decimal strings, nothing secret. */
function plainFields(fields: LogFields | undefined, redactor: Redactor): Fields {
  const out: Fields = {}
  for (const [key, value] of Object.entries(fields ?? {})) {
    out[key] = redactor.field(key, typeof value === 'bigint' ? value.toString() : value)
  }
  return out
}

/** Writes each line at once, so that the last words before an end are not lost. */
export function createLogger(level: LogLevel, options: LoggerOptions = {}): Logger {
  const { name = 'aelf', format = 'json', ring, redactor = createRedactor(), write } = options
  const destination = write === undefined ? pino.destination(2) : { write }
  const log = pino({ name, level, base: null, formatters: { level: (label) => ({ level: label }) } }, destination)
  const at =
    (one: Level): Logger[Level] =>
    (message, fields) => {
      const isWritten = log.isLevelEnabled(one)
      if (!isWritten && ring === undefined) return
      const text = redactor.text(message)
      const plain = plainFields(fields, redactor)
      ring?.add({ level: one, message: text, fields: plain })
      if (!isWritten) return
      if (format === 'pretty') destination.write(prettyLine(one, plain, text))
      else log[one](plain, text)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Adds fields to every line. */
export function withFields(logger: Logger, fields: LogFields): Logger {
  return {
    debug: (message, more) => logger.debug(message, { ...fields, ...more }),
    info: (message, more) => logger.info(message, { ...fields, ...more }),
    warn: (message, more) => logger.warn(message, { ...fields, ...more }),
    error: (message, more) => logger.error(message, { ...fields, ...more }),
  }
}
