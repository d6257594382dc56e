import { createGenesisChain } from '#chains'
import type { Address, Logger } from '#primitives'
import { installEngines } from '../engines.ts'
import { NodeError } from '../errors.ts'
import { openKeystore } from '../keys/keystore.ts'
import { openRecordFile } from '../keys/signedRecord.ts'
import { openSigner } from '../keys/signer.ts'
import { startSignerServer } from '../keys/signerServer.ts'
import type { Redactor } from '../redactor.ts'
import { Closers } from './closers.ts'
import { openDataFolder } from './dataFolder.ts'
import { firstLine, readSettingFile } from './secrets.ts'

/** A machine that holds a delegate's key and signs for its node. Paths are absolute. */
export interface SignerConfig {
  readonly keystore: string
  readonly genesis: string
  /** Where the record of signed blocks is kept; for this signer alone. */
  readonly dataDir: string
  /** `unix:/path` or `host:port`. Without TLS of its own: across machines, put it behind one that has, or in a private network. */
  readonly listen: string
  /** File with the secret that nodes must know; at least 16 characters. */
  readonly tokenFile: string
  readonly passwordFile?: string | undefined
}

export interface RunningSigner {
  readonly address: Address
  readonly url: string
  stop(): Promise<void>
}

const MIN_TOKEN = 16

/** Starts a remote signer. Rejects with the codes a node has; `nodeExitCode` says what a process should end with. */
export async function startRemoteSigner(
  config: SignerConfig,
  deps: { readonly logger: Logger; readonly redactor?: Redactor; readonly password?: string; now?(): number },
): Promise<RunningSigner> {
  const { logger, redactor } = deps
  const closers = new Closers(logger)
  try {
    const chain = createGenesisChain(await readSettingFile(config.genesis, 'genesis'))
    const token = firstLine(await readSettingFile(config.tokenFile, 'tokenFile'))
    if (token.length < MIN_TOKEN) {
      throw new NodeError('node.config', `A token has at least ${MIN_TOKEN} characters`, {
        details: { field: 'tokenFile' },
      })
    }
    const password = deps.password ?? firstLine(await readSettingFile(config.passwordFile ?? '', 'passwordFile'))
    redactor?.hideText(token)
    redactor?.hideText(password)
    const { address, privateKey } = await openKeystore(await readSettingFile(config.keystore, 'keystore'), password)
    if (privateKey === undefined) {
      throw new NodeError('node.config', 'The keystore holds no private key', { details: { field: 'keystore' } })
    }
    redactor?.hide(privateKey)
    const folder = await openDataFolder(config.dataDir)
    closers.add('the data folder', () => folder.store.close())
    const record = await openRecordFile(folder.paths.signed, address)
    closers.add('the record of signed blocks', () => record.close())
    installEngines(logger)
    const signer = await openSigner({ privateKey, record })
    const { listen } = config
    const now = deps.now === undefined ? {} : { now: deps.now }
    const server = await startSignerServer({ chain, signer, privateKey, listen, token, logger, ...now })
    closers.add('the server', () => server.close())
    logger.info('The signer is running', { delegate: address, listen: server.url })
    return { address, url: server.url, stop: () => closers.close() }
  } catch (error) {
    await closers.close()
    throw error
  }
}
