import { NodeError } from './errors.ts'
import type { LogLevel } from './logger.ts'

/** Settings of a development network, from the environment. */
export interface DevnetConfig {
  /** Where the chain lives; left out: in memory. */
  readonly dataDir: string | undefined
  readonly slotMs: number
  readonly delegates: number
  readonly backups: number
  readonly seed: string
  readonly logLevel: LogLevel
}

type Environment = Readonly<Record<string, string | undefined>>

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

function wholeNumber(
  env: Environment,
  name: string,
  range: { readonly from: number; readonly to: number; readonly default: number },
): number {
  const text = env[name]
  if (text === undefined || text === '') return range.default
  const value = Number(text)
  if (!Number.isInteger(value) || value < range.from || value > range.to) {
    throw new NodeError('node.config', `${name} is a whole number from ${range.from} to ${range.to}, not ${text}`)
  }
  return value
}

/**
 * AELF_DATA_DIR, AELF_SLOT_MS (100 to 60000), AELF_DELEGATES (1 to 64), AELF_BACKUPS (0 to 64), AELF_SEED, AELF_LOG_LEVEL.
 * Throws `node.config`. This file alone reads the environment.
 */
export function readDevnetConfig(env: Environment = process.env): DevnetConfig {
  const logLevel = LEVELS.find((level) => level === (env['AELF_LOG_LEVEL'] ?? 'info'))
  if (logLevel === undefined) throw new NodeError('node.config', `AELF_LOG_LEVEL is one of ${LEVELS.join(', ')}`)
  return {
    dataDir: env['AELF_DATA_DIR'] || undefined,
    slotMs: wholeNumber(env, 'AELF_SLOT_MS', { from: 100, to: 60_000, default: 1000 }),
    delegates: wholeNumber(env, 'AELF_DELEGATES', { from: 1, to: 64, default: 17 }),
    backups: wholeNumber(env, 'AELF_BACKUPS', { from: 0, to: 64, default: 3 }),
    seed: env['AELF_SEED'] || '1',
    logLevel,
  }
}
