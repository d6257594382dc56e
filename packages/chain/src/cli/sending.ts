import { descriptors } from '#contracts/metadata'
import {
  encodeArgs,
  encodeTransaction,
  type FieldSpec,
  type FieldValue,
  type MethodDescriptor,
  markOf,
  parseAmount,
  renderIntent,
  signTransaction,
} from '#kernel'
import { type Address, asAddress, asHash, bytesToHex, type Hash, isHexBytes } from '#primitives'
import type { ChainInfo, Json, RpcClient, TransactionView } from '#rpc/client'
import { CliError } from './exit.ts'
import { type Key, keyOfHex, readKeyFile } from './keyFile.ts'
import type { PasswordSource } from './password.ts'
import type { Session } from './session.ts'

/** Where the signing key comes from: one of the three. */
export interface KeySource extends PasswordSource {
  readonly keyFile?: string
  readonly keystore?: string
  /** Number of a demo account of a development network, from 1. */
  readonly demo?: string
}

/** A signed and accepted transaction. */
export interface Sent {
  readonly id: Hash
  readonly from: Address
  readonly intent: string
  readonly fee: string
}

/** The key of a file, a keystore or a demo account. Throws `cli.usage`, `keystore.*`. */
export async function findKey({ client, terminal }: Session, source: KeySource): Promise<Key> {
  const { keyFile, keystore, demo } = source
  if ([keyFile, keystore, demo].filter((one) => one !== undefined).length > 1)
    throw new CliError('cli.usage', 'give one of --key-file, --keystore and --demo', 'Leave the others out.')
  if (keyFile !== undefined) return readKeyFile(keyFile)
  if (keystore !== undefined) {
    // Loaded on demand: keystores belong to the node, which other commands do not need.
    const { openSecrets, signingKey } = await import('./secrets.ts')
    return signingKey(await openSecrets(terminal, keystore, source))
  }
  if (demo === undefined) {
    throw new CliError(
      'cli.usage',
      'no key to sign with',
      'Give --keystore <file> or --key-file <file>, or --demo 1 on a development network.',
    )
  }
  const accounts = await client.request('aelf_devAccounts')
  const account = /^[0-9]{1,3}$/.test(demo) ? accounts[Number(demo) - 1] : undefined
  const key = account === undefined ? undefined : keyOfHex(account.privateKey)
  if (key === undefined)
    throw new CliError(
      'cli.usage',
      `there is no demo account ${demo.slice(0, 20)}`,
      `There are ${accounts.length}, from 1.`,
    )
  return key
}

/** Methods of the collection that came with this program. */
const builtIn: readonly MethodDescriptor[] = descriptors.flatMap((contract) => contract.methods)

/**
 * Descriptor of `contract.method`, as this program or a bundle at hand knows it: a node cannot make a person sign something else.
 * Throws `cli.usage`.
 */
export function readMethod(name: string, methods: readonly MethodDescriptor[] = builtIn): MethodDescriptor {
  const found = methods.find((method) => `${method.contract}.${method.name}` === name)
  if (found !== undefined) return found
  const known = methods.map((method) => `${method.contract}.${method.name}`).join(', ')
  throw new CliError('cli.usage', `there is no method "${name.slice(0, 80)}"`, `Known: ${known}.`)
}

/** Reads `name=value` words by the method's signature; amounts may be written `1.5elf`. Throws `cli.usage`. */
export function readArguments(method: MethodDescriptor, words: readonly string[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    const name = word.slice(0, at)
    const spec = method.abi.args.find((entry) => entry.name === name)
    if (at < 1 || spec === undefined)
      throw new CliError('cli.usage', `"${word.slice(0, 60)}" is not an argument`, signatureHelp(method))
    values[name] = readArgument(spec, word.slice(at + 1))
  }
  const missing = method.abi.args.find(({ name }) => values[name] === undefined)
  if (missing !== undefined)
    throw new CliError('cli.usage', `the argument "${missing.name}" is missing`, signatureHelp(method))
  return values
}

const signatureHelp = (method: MethodDescriptor): string =>
  `Arguments: ${method.abi.args.map(({ name, type }) => `${name}=<${type}>`).join(' ')}.`

function readArgument({ name, type }: FieldSpec, text: string): FieldValue {
  const wrong = (expected: string): CliError =>
    new CliError('cli.usage', `the argument "${name}" is not valid`, `Expected ${expected}.`)
  switch (type) {
    case 'string':
      return text
    case 'bool':
      if (text !== 'true' && text !== 'false') throw wrong('true or false')
      return text === 'true'
    case 'uint8':
    case 'uint32':
      if (!/^[0-9]{1,10}$/.test(text) || Number(text) >= 2 ** Number(type.slice(4))) throw wrong('a whole number')
      return Number(text)
    case 'uint64':
    case 'uint128':
    case 'uint256': {
      const amount = /elf$/i.test(text)
        ? parseAmount(text.slice(0, -3).trim())
        : /^[0-9]{1,78}$/.test(text)
          ? BigInt(text)
          : undefined
      if (amount === undefined || amount >> BigInt(type.slice(4)) !== 0n)
        throw wrong('a whole number in the smallest unit, or an amount such as 1.5elf')
      return amount
    }
    default: {
      const bytes = type === 'address' ? 20 : type === 'bytes' ? undefined : Number(type.slice(5))
      if (!isHexBytes(text) || (bytes !== undefined && text.length !== 2 + 2 * bytes)) {
        throw wrong(bytes === undefined ? '0x and hex digits' : `0x and ${2 * bytes} hex digits`)
      }
      return text.toLowerCase()
    }
  }
}

/** Tries the call, signs it here and sends it. The key never leaves the process. Throws the node's refusal. */
export async function send(
  client: RpcClient,
  key: Key,
  call: { method: MethodDescriptor; args: Record<string, FieldValue>; feeLimit?: bigint },
): Promise<Sent> {
  const { method, args } = call
  const [info, tried] = await Promise.all([
    client.request('aelf_chainInfo'),
    client.request('aelf_simulate', [
      { from: key.address, contract: method.contract, method: method.name, args: argumentsToJson(args) },
    ]),
  ])
  if (!tried.ok)
    throw new CliError(
      'cli.refused',
      `the chain would refuse this: ${tried.error?.code ?? 'unknown reason'}`,
      tried.error?.help ?? '',
    )
  const transaction = signTransaction(
    {
      version: 1,
      walletChainId: BigInt(info.walletChainId),
      from: key.address,
      contract: asAddress(method.contractAddress),
      method: method.number,
      args: encodeArgs(method.abi, args),
      ...markOf(BigInt(info.height), asHash(info.headHash)),
      feeLimit: call.feeLimit ?? BigInt(tried.fee) * FEE_MARGIN,
      nonce: bytesToHex(globalThis.crypto.getRandomValues(new Uint8Array(8))),
    },
    { method, network: networkOf(info), privateKey: key.privateKey },
  )
  const { id } = await client.request('aelf_sendTransaction', [bytesToHex(encodeTransaction(transaction))])
  return { id, from: key.address, intent: renderIntent(method, args), fee: tried.fee }
}

/** The limit leaves room for a fee that rises before the transaction is included; only the fee itself is charged. */
const FEE_MARGIN = 2n

const networkOf = (info: ChainInfo) => ({ name: info.network, genesisHash: info.genesisHash })

function argumentsToJson(args: Record<string, FieldValue>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, typeof value === 'bigint' ? value.toString() : value]),
  )
}

/** Waits until the transaction is in a block. Throws `cli.refused` when it expires, `cli.failure` when time runs out. */
export async function waitForTransaction(
  client: RpcClient,
  id: Hash,
  limits: { timeoutMs: number; signal: AbortSignal },
): Promise<TransactionView> {
  const end = Date.now() + limits.timeoutMs
  while (Date.now() < end && !limits.signal.aborted) {
    const view = await client.request('aelf_getTransaction', [id])
    if (view.status === 'included') return view
    if (view.status === 'expired')
      throw new CliError('cli.refused', `${id} expired without being included`, 'Send it again.')
    await new Promise<void>((resolve) => {
      setTimeout(resolve, POLL_MS)
    })
  }
  throw new CliError('cli.failure', `${id} is not in a block yet`, `Look again with \`aelf tx ${id}\`.`)
}

const POLL_MS = 200
