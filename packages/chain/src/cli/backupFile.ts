import { createHash } from 'node:crypto'
import { CliError } from './exit.ts'

const FORMAT = 'aelf-backup'
const VERSION = 1
/** A genesis file is the largest part. */
export const MAX_BACKUP_BYTES: number = 20 * 1024 * 1024

/** What a delegate needs to go on elsewhere. The keystore stays encrypted; its password is not inside. */
export interface Backup {
  readonly createdAtMs: number
  readonly address: string
  readonly network: string
  readonly genesisHash: string
  readonly lastSigned: { readonly slot: string; readonly height: string; readonly digest: string } | null
  readonly keystore: string
  readonly config: string
  readonly genesis: string
}

const DAMAGED = 'Use another copy of the backup.'

/** Text of a backup file. */
export function writeBackup(backup: Backup): string {
  const content = JSON.stringify(backup)
  return `${JSON.stringify({ format: FORMAT, version: VERSION, check: checkOf(content), content })}\n`
}

/** Reads a backup file. Throws `cli.usage`. */
export function readBackup(text: string): Backup {
  const outer = fieldsOf(text)
  if (outer['format'] !== FORMAT)
    throw new CliError('cli.usage', 'this is no backup of a delegate', 'Give a file made by `aelf backup create`.')
  if (outer['version'] !== VERSION) {
    throw new CliError(
      'cli.usage',
      `this program reads version ${VERSION} of backups`,
      'Use the version of aelf that made it.',
    )
  }
  const { content } = outer
  if (typeof content !== 'string' || checkOf(content) !== outer['check']) {
    throw new CliError('cli.usage', 'the backup is damaged', DAMAGED)
  }
  return checked(fieldsOf(content))
}

function checked(fields: Readonly<Record<string, unknown>>): Backup {
  const text = (name: string, form: RegExp): string => {
    const value = fields[name]
    if (typeof value === 'string' && form.test(value)) return value
    throw new CliError('cli.usage', `the backup has no valid "${name}"`, DAMAGED)
  }
  const { createdAtMs, lastSigned } = fields
  return {
    createdAtMs: typeof createdAtMs === 'number' && Number.isSafeInteger(createdAtMs) ? createdAtMs : 0,
    address: text('address', /^0x[0-9a-f]{40}$/),
    network: text('network', /^[ -~]{1,64}$/),
    genesisHash: text('genesisHash', /^0x[0-9a-f]{64}$/),
    lastSigned: lastSigned === null ? null : readLast(lastSigned),
    keystore: text('keystore', /^\{/),
    config: text('config', /\S/),
    genesis: text('genesis', /^\{/),
  }
}

function readLast(value: unknown): Backup['lastSigned'] {
  if (typeof value === 'object' && value !== null && 'slot' in value && 'height' in value && 'digest' in value) {
    const [slot, height, digest] = [String(value.slot), String(value.height), String(value.digest)]
    if (/^[0-9]{1,19}$/.test(slot) && /^[0-9]{1,19}$/.test(height) && /^0x[0-9a-f]{64}$/.test(digest)) {
      return { slot, height, digest }
    }
  }
  throw new CliError('cli.usage', 'the backup has no valid "lastSigned"', DAMAGED)
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Said below, in words for a person.
  }
  throw new CliError('cli.usage', 'this is no backup of a delegate', 'Give a file made by `aelf backup create`.')
}

const checkOf = (content: string): string => `0x${createHash('sha256').update(content).digest('hex')}`
