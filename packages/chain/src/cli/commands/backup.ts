import { readFile } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { createGenesisChain } from '#chains'
import { type LastSigned, openKeystore, openRecordFile, readRecordFile } from '#node'
import { asAddress, bytesToHex, hexToBytes } from '#primitives'
import { type Backup, MAX_BACKUP_BYTES, readBackup, writeBackup } from '../backupFile.ts'
import { type ConfigOptions, loadConfig } from '../configFile.ts'
import { isInUse } from '../dataFolder.ts'
import { CliError } from '../exit.ts'
import { makeIdentity } from '../identity.ts'
import { moment, printJson, printPairs, type Terminal } from '../output.ts'
import { readPassword } from '../password.ts'
import { exists, makeFolder, PUBLIC, readSmallFile, SECRET, writeNewFile } from '../privateFile.ts'
import { keystoreAddress, readKeystoreText } from '../secrets.ts'
import { DEFAULT_CONFIG } from '../session.ts'

const NEVER_TWICE =
  'A key signs in one place only: two blocks for one slot cost the delegate its seat and its stake, whichever machine made them. ' +
  'Stop the old node, make sure that it never starts again, then restore.'

/** Options of `aelf backup create` as they were typed. */
export interface BackupCreateOptions extends ConfigOptions {
  readonly out: string
  readonly json?: boolean
}

/** `aelf backup create` */
export async function backupCreate(terminal: Terminal, options: BackupCreateOptions): Promise<void> {
  const config = await loadConfig(options)
  if (config.producer === undefined) {
    throw new CliError(
      'cli.usage',
      'this node observes: there is nothing to back up',
      'Make another with `aelf init` at any time.',
    )
  }
  if (typeof config.genesis !== 'string') throw new CliError('cli.failure', 'the genesis is not a file')
  const { keystore } = config.producer
  const genesis = await readSmallFile(config.genesis, MAX_BACKUP_BYTES, 'the genesis file')
  const { network } = createGenesisChain(genesis)
  const address = await keystoreAddress(keystore)
  const isRunning = await isInUse(config.dataDir)
  const last = await readRecordFile(join(config.dataDir, 'signed.log'), address)
  const backup: Backup = {
    createdAtMs: Date.now(),
    address,
    network: network.name,
    genesisHash: network.genesisHash,
    lastSigned: last === undefined ? null : plain(last),
    keystore: await readKeystoreText(keystore),
    config: await readFile(options.config ?? DEFAULT_CONFIG, 'utf8'),
    genesis,
  }
  await writeNewFile(options.out, writeBackup(backup), SECRET)
  tell(terminal, { file: options.out, ...factsOf(backup) }, options.json)
  if (options.json === true) return
  terminal.out('The password is not inside: keep it elsewhere.')
  if (isRunning) terminal.out('The node runs and goes on signing. Before you move it, stop it and make a new backup.')
}

/** Options of `aelf backup restore` as they were typed. */
export interface RestoreOptions {
  readonly dir: string
  readonly passwordFile?: string
  readonly oldNodeIsStopped?: boolean
  readonly json?: boolean
}

/** `aelf backup restore <file>` */
export async function backupRestore(terminal: Terminal, file: string, options: RestoreOptions): Promise<void> {
  const backup = readBackup(await readSmallFile(file, MAX_BACKUP_BYTES, 'the backup'))
  const at = (name: string): string => join(options.dir, name)
  for (const name of ['aelf.yaml', 'genesis.json', 'keystore.json', 'data']) {
    if (!(await exists(at(name)))) continue
    throw new CliError(
      'cli.failure',
      `${at(name)} is already there and stays as it is`,
      'Restore into an empty folder with --dir <folder>.',
    )
  }
  if (options.oldNodeIsStopped !== true) {
    throw new CliError('cli.usage', 'say --old-node-is-stopped when it is', NEVER_TWICE)
  }
  // A backup that cannot be opened is found out now and not when the node should start.
  const secrets = await openKeystore(backup.keystore, await readPassword(terminal, options))
  if (secrets.address !== backup.address)
    throw new CliError('cli.usage', 'the keystore in the backup is of another delegate')
  const { network } = createGenesisChain(backup.genesis)
  if (network.genesisHash !== backup.genesisHash)
    throw new CliError('cli.usage', 'the genesis in the backup is of another network')
  await makeFolder(options.dir)
  await writeNewFile(at('keystore.json'), backup.keystore, SECRET)
  await writeNewFile(at('genesis.json'), backup.genesis, PUBLIC)
  await makeIdentity(at('data'))
  if (backup.lastSigned !== null) await restoreRecord(at('data'), backup)
  await writeNewFile(at('aelf.yaml'), configHere(backup.config, options), PUBLIC)
  tell(terminal, { folder: options.dir, ...factsOf(backup) }, options.json)
  if (options.json !== true)
    terminal.out(`Start it: aelf node --config ${at('aelf.yaml')}. It watches two rounds before it signs.`)
}

async function restoreRecord(dataDir: string, { address, lastSigned }: Backup): Promise<void> {
  if (lastSigned === null) return
  const record = await openRecordFile(join(dataDir, 'signed.log'), asAddress(address))
  try {
    const { slot, height, digest } = lastSigned
    await record.save({ slot: BigInt(slot), height: BigInt(height), digest: hexToBytes(digest as `0x${string}`) })
  } finally {
    await record.close()
  }
}

/** The configuration with its files in the restored folder; everything else, comments too, stays. */
function configHere(text: string, { dir, passwordFile }: RestoreOptions): string {
  const document = parseDocument(text)
  const password =
    passwordFile === undefined || isAbsolute(passwordFile)
      ? passwordFile
      : relative(resolve(dir), resolve(passwordFile))
  document.setIn(['dataDir'], './data')
  document.setIn(['genesis'], './genesis.json')
  document.setIn(['producer', 'keystore'], './keystore.json')
  document.setIn(['producer', 'passwordFile'], password ?? '')
  return document.toString()
}

const plain = ({ slot, height, digest }: LastSigned): Backup['lastSigned'] => ({
  slot: slot.toString(),
  height: height.toString(),
  digest: bytesToHex(digest),
})

function factsOf({ address, network, genesisHash, lastSigned, createdAtMs }: Backup): Record<string, string> {
  const last = lastSigned === null ? 'nothing yet' : `slot ${lastSigned.slot}, height ${lastSigned.height}`
  return { delegate: address, network, genesis: genesisHash, lastSigned: last, created: moment(createdAtMs) }
}

function tell(terminal: Terminal, facts: Record<string, string>, json: boolean | undefined): void {
  if (json === true) printJson(terminal, facts)
  else printPairs(terminal, Object.entries(facts))
}
