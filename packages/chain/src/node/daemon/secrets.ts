import { readFile } from 'node:fs/promises'
import { NodeError } from '../errors.ts'
import type { DelegateSecrets } from '../keys/keystore.ts'
import { openKeystore } from '../keys/keystore.ts'
import type { Redactor } from '../redactor.ts'
import type { ProducerConfig } from './nodeConfig.ts'

/** Reads a file that a setting names. Throws `node.config` with that setting. */
export async function readSettingFile(path: string, setting: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
    throw new NodeError('node.config', `${setting}: ${path} cannot be read (${reason})`, {
      cause,
      details: { field: setting },
    })
  }
}

/** One line of a file without its end, as editors leave it. */
export const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? ''

/** The delegate's secrets, which no log will show from then on. */
export async function readSecrets(
  config: ProducerConfig,
  password: string | undefined,
  redactor: Redactor,
): Promise<DelegateSecrets> {
  const given =
    password ??
    (config.passwordFile === undefined
      ? undefined
      : firstLine(await readSettingFile(config.passwordFile, 'producer.passwordFile')))
  if (given === undefined) {
    throw new NodeError('node.config', 'The keystore needs a password: set producer.passwordFile', {
      details: { field: 'producer.passwordFile' },
    })
  }
  redactor.hideText(given)
  const secrets = await openKeystore(await readSettingFile(config.keystore, 'producer.keystore'), given)
  redactor.hide(secrets.revealSecret)
  if (secrets.privateKey !== undefined) redactor.hide(secrets.privateKey)
  if (secrets.privateKey === undefined && config.remoteSigner === undefined) {
    throw new NodeError('node.config', 'The keystore holds no private key: set producer.remoteSigner', {
      details: { field: 'producer.remoteSigner' },
    })
  }
  return secrets
}
