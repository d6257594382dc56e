import { rename } from 'node:fs/promises'
import { commitmentOf, createKeystore, type DelegateSecrets, describeKeystore, openKeystore } from '#node'
import type { Address, Hash } from '#primitives'
import { CliError } from './exit.ts'
import type { Key } from './keyFile.ts'
import type { Terminal } from './output.ts'
import { type PasswordSource, readPassword } from './password.ts'
import { readSmallFile, SECRET, writeNewFile } from './privateFile.ts'

const MAX_BYTES = 16_384

/** Who a delegate is in public. */
export interface PublicDelegate {
  readonly address: Address
  readonly commitment: Hash
}

export const publicPart = (secrets: DelegateSecrets): PublicDelegate => ({
  address: secrets.address,
  commitment: commitmentOf(secrets),
})

export const readKeystoreText = (path: string): Promise<string> => readSmallFile(path, MAX_BYTES, 'the keystore')

/** Whose keystore a file is; needs no password. Throws `cli.usage`, `keystore.*`. */
export async function keystoreAddress(path: string): Promise<Address> {
  return describeKeystore(await readKeystoreText(path)).address
}

/** Opens a keystore with a password from a file or a person. Throws `cli.usage`, `keystore.*`. */
export async function openSecrets(
  terminal: Terminal,
  path: string,
  password: PasswordSource,
): Promise<DelegateSecrets> {
  const text = await readKeystoreText(path)
  return openKeystore(text, await readPassword(terminal, password))
}

/** A key that signs transactions. Throws `cli.usage` when the keystore holds none. */
export function signingKey({ address, privateKey }: DelegateSecrets): Key {
  if (privateKey !== undefined) return { address, privateKey }
  throw new CliError(
    'cli.usage',
    'this keystore holds no key: a remote signer has it',
    'Run the command where the key is, with --keystore or --key-file.',
  )
}

/** Writes a new keystore, or one in the place of an old one, whole at every moment. Throws `cli.failure`, `keystore.password`. */
export async function writeKeystore(
  path: string,
  secrets: DelegateSecrets,
  { password, replace }: { readonly password: string; readonly replace?: boolean },
): Promise<void> {
  const text = await createKeystore(secrets, password)
  if (replace !== true) {
    await writeNewFile(path, text, SECRET)
    return
  }
  const fresh = `${path}.new`
  await writeNewFile(fresh, text, SECRET)
  await rename(fresh, path)
}
