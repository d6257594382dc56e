import { bytesToHex, concatBytes, keccak256, signDigest, utf8ToBytes } from '#primitives'
import type { RpcClient } from '#rpc/client'
import { CliError } from './exit.ts'
import type { Key } from './keyFile.ts'

/** What a text to sign begins with; anything else is not signed, whoever sends it. */
const PURPOSE = 'aelf node: pair this browser with the console of a node.\n'

/** Pairs with a node as its operator while `during` runs. Throws what the node refuses with. */
export async function withPairing<T>(client: RpcClient, key: Key, during: (token: string) => Promise<T>): Promise<T> {
  const { nonce, message } = await client.request('aelf_operatorChallenge', [key.address])
  if (!message.startsWith(PURPOSE) || !message.includes(`\nAccount: ${key.address}\nNonce: ${nonce}\n`)) {
    throw new CliError('cli.failure', 'the node wants something else signed than a pairing', 'Nothing was signed.')
  }
  const text = utf8ToBytes(message)
  // The prefix of personal messages: no transaction and no header begins like this.
  const digest = keccak256(concatBytes(utf8ToBytes(`\x19Ethereum Signed Message:\n${text.length}`), text))
  const signature = bytesToHex(signDigest(digest, key.privateKey))
  const { token } = await client.request('aelf_operatorPair', [nonce, signature])
  try {
    return await during(token)
  } finally {
    // A node that is gone meanwhile has no pairing to end.
    await client.request('aelf_operatorUnpair', [token]).catch(() => false)
  }
}
