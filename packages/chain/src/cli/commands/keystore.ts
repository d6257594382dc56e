import { delegateSecrets, openKeystore, withoutPrivateKey } from '#node'
import { createKey, readKeyFile } from '../keyFile.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { type PasswordSource, readNewPassword, readPassword } from '../password.ts'
import { keystoreAddress, openSecrets, publicPart, readKeystoreText, writeKeystore } from '../secrets.ts'

/** Options as they were typed. */
export interface NewKeystoreOptions extends PasswordSource {
  readonly out: string
  readonly json?: boolean
}

export interface ImportOptions extends NewKeystoreOptions {
  readonly keyFile: string
}

export interface ShowOptions extends PasswordSource {
  readonly commitment?: boolean
  readonly json?: boolean
}

export interface PasswordOptions extends PasswordSource {
  readonly newPasswordFile?: string
  readonly json?: boolean
}

/** `aelf keystore new` */
export async function keystoreNew(terminal: Terminal, options: NewKeystoreOptions): Promise<void> {
  await make(terminal, createKey().privateKey, options)
}

/** `aelf keystore import` */
export async function keystoreImport(terminal: Terminal, options: ImportOptions): Promise<void> {
  await make(terminal, (await readKeyFile(options.keyFile)).privateKey, options)
}

/** `aelf keystore address <file>` */
export async function keystoreShow(terminal: Terminal, file: string, options: ShowOptions): Promise<void> {
  const facts =
    options.commitment === true
      ? publicPart(await openSecrets(terminal, file, options))
      : { address: await keystoreAddress(file) }
  if (options.json === true) printJson(terminal, facts)
  else terminal.out(Object.values(facts).join(','))
}

/** `aelf keystore strip <file>`: for a node whose key is with a remote signer. */
export async function keystoreStrip(terminal: Terminal, file: string, options: NewKeystoreOptions): Promise<void> {
  const password = await readPassword(terminal, options)
  const secrets = await openKeystore(await readKeystoreText(file), password)
  await writeKeystore(options.out, withoutPrivateKey(secrets), { password })
  print(terminal, { file: options.out, ...publicPart(secrets) }, options.json)
}

/** `aelf keystore password <file>` */
export async function keystorePassword(terminal: Terminal, file: string, options: PasswordOptions): Promise<void> {
  const secrets = await openSecrets(terminal, file, options)
  const password = await readNewPassword(terminal, { passwordFile: options.newPasswordFile })
  await writeKeystore(file, secrets, { password, replace: true })
  print(terminal, { file, address: secrets.address }, options.json)
}

async function make(terminal: Terminal, privateKey: Uint8Array, options: NewKeystoreOptions): Promise<void> {
  const secrets = delegateSecrets(privateKey)
  const password = await readNewPassword(terminal, options)
  await writeKeystore(options.out, secrets, { password })
  print(terminal, { file: options.out, ...publicPart(secrets) }, options.json)
}

function print(terminal: Terminal, facts: Readonly<Record<string, string>>, json: boolean | undefined): void {
  if (json === true) printJson(terminal, facts)
  else printPairs(terminal, Object.entries(facts))
}
