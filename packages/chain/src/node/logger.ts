import { pino } from 'pino'
import type { LogFields, Logger } from '#primitives'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** JSON lines on standard error; big integers as decimal strings. */
export function createLogger(level: LogLevel, name = 'aelf'): Logger {
  const log = pino(
    { name, level, base: null, formatters: { level: (label) => ({ level: label }) } },
    pino.destination(2),
  )
  const plain = (fields: LogFields | undefined): Record<string, unknown> => {
    const out: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(fields ?? {}))
      out[key] = typeof value === 'bigint' ? value.toString() : value
    return out
  }
  return {
    debug: (message, fields) => log.debug(plain(fields), message),
    info: (message, fields) => log.info(plain(fields), message),
    warn: (message, fields) => log.warn(plain(fields), message),
    error: (message, fields) => log.error(plain(fields), message),
  }
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
