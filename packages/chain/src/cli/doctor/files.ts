import { access, constants, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createGenesisChain } from '#chains'
import { type NodeConfig, openKeystore } from '#node'
import { AelfError } from '#primitives'
import { readGenesisSource } from '../genesisSource.ts'
import { readPasswordFile } from '../password.ts'
import { exists } from '../privateFile.ts'
import { keystoreAddress, publicPart, readKeystoreText } from '../secrets.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const OTHERS = 0o077
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown reason')

/** The genesis file, and that it is the network the configuration names. */
export async function checkGenesis({ genesis, genesisHash }: NodeConfig): Promise<Finding> {
  try {
    const { network } =
      typeof genesis === 'string' ? createGenesisChain(await readGenesisSource(genesis)) : { network: undefined }
    if (network === undefined) return ok('genesis', 'given by the program')
    if (genesisHash !== undefined && genesisHash !== network.genesisHash) {
      const help = 'Get the genesis of your network again; never change genesisHash to make it fit.'
      return fail('genesis', `the file has the hash ${network.genesisHash}, the configuration ${genesisHash}`, help)
    }
    if (genesisHash !== undefined) return ok('genesis', `${network.name}, ${network.genesisHash}`)
    const help = `Add genesisHash: "${network.genesisHash}" to the configuration once you have compared it with others.`
    return warn('genesis', `${network.name}, without a hash to compare`, help)
  } catch (error) {
    return fail('genesis', messageOf(error), 'Get the genesis of your network again.')
  }
}

/** The keystore opens with its password. */
export async function checkKeystore({ producer }: NodeConfig): Promise<Finding> {
  if (producer === undefined) return ok('keystore', 'none: this node observes')
  const { keystore, passwordFile, remoteSigner } = producer
  try {
    const address = await keystoreAddress(keystore)
    if (passwordFile === undefined) {
      const help = 'Nothing to do if somebody is there at every start; else set producer.passwordFile.'
      return warn('keystore', `${address}; the password is asked for at the start`, help)
    }
    const secrets = await openKeystore(await readKeystoreText(keystore), await readPasswordFile(passwordFile))
    if (secrets.privateKey === undefined && remoteSigner === undefined) {
      return fail('keystore', `${address} without its key, and no remote signer`, 'Set producer.remoteSigner.')
    }
    return ok('keystore', `${address}, commitment ${publicPart(secrets).commitment}`)
  } catch (error) {
    const help = 'Check producer.keystore and producer.passwordFile; `aelf backup restore` brings a lost keystore back.'
    return fail('keystore', messageOf(error), help)
  }
}

/** Secrets are readable by their owner only. */
export async function checkPermissions({ producer, dataDir }: NodeConfig): Promise<Finding> {
  if (process.platform === 'win32') return ok('permissions', 'not checked on Windows')
  const secrets = [producer?.keystore, producer?.passwordFile, producer?.signerTokenFile, join(dataDir, 'p2p.key')]
  const open: string[] = []
  for (const path of secrets) {
    if (path !== undefined && (await exists(path)) && ((await stat(path)).mode & OTHERS) !== 0) open.push(path)
  }
  return open.length === 0
    ? ok('permissions', 'secrets are readable by their owner only')
    : fail('permissions', `others can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)
}

/** The data folder can be written, or be made. */
export async function checkDataFolder({ dataDir }: NodeConfig): Promise<Finding> {
  if (!(await exists(dataDir))) return ok('data folder', `${dataDir}, made at the first start`)
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    return ok('data folder', dataDir)
  } catch (error) {
    const reason = error instanceof AelfError ? error.code : messageOf(error)
    return fail('data folder', reason, `Give it to the user that runs the node: chown -R <user> ${dataDir}`)
  }
}
