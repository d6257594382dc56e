import { createMainChain, type MainChain } from '#chains'
import { createRevealChain, type RevealChain } from '#consensus/dpos'
import {
  encodeArgs,
  encodeTransaction,
  type MethodDescriptor,
  markPrefix,
  type SignedTransaction,
  signTransaction,
} from '#kernel'
import {
  type Address,
  asAddress,
  type Bytes,
  bytesToHex,
  type Logger,
  privateKeyToAddress,
  sha256,
  utf8ToBytes,
  writer,
} from '#primitives'

const ELF = 100_000_000n
const PHRASE = 'aelf bench'

const quiet = (): void => undefined
/** What nodes say is not measured. */
export const SILENT: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

export interface Account {
  readonly address: Address
  readonly privateKey: Bytes
}

export interface World {
  readonly chain: MainChain
  readonly producer: Account & { readonly reveals: RevealChain }
  readonly senders: readonly Account[]
  readonly transfer: MethodDescriptor
}

export function accountOf(phrase: string): Account {
  const privateKey = sha256(utf8ToBytes(`${PHRASE} ${phrase}`))
  return { privateKey, address: privateKeyToAddress(privateKey) }
}

/** An address nobody has a key of. */
export function recipient(index: number): Address {
  return asAddress(bytesToHex(sha256(writer().u32(index).finish()).subarray(12)))
}

export function transferMethod(chain: MainChain): MethodDescriptor {
  const found = chain.registry.methodByName('token', 'transfer')
  if (found === undefined) throw new Error('the chain has no token transfers')
  return found.descriptor
}

/** A chain of one producer, which can reveal so many in-values, with funded accounts whose keys are known. */
export function createWorld(senderCount: number, reveals = 1000): World {
  const producer = { ...accountOf('producer'), reveals: createRevealChain(sha256(utf8ToBytes(PHRASE)), reveals) }
  const senders = Array.from({ length: senderCount }, (_, index) => accountOf(`sender ${index}`))
  const chain = createMainChain({
    network: 'aelf bench',
    chainId: 77,
    genesisTimeMs: 1_700_000_000_000,
    slotMs: 1000,
    termSeconds: 604_800,
    producers: [{ address: producer.address, commitment: producer.reveals.commitment }],
    candidates: [
      { address: producer.address, name: 'Bench', url: '', commitment: producer.reveals.commitment, commissionBps: 0 },
    ],
    votes: [],
    balances: [producer, ...senders].map(({ address }) => ({ account: address, amount: 1_000_000n * ELF })),
    foundation: producer.address,
  })
  return { chain, producer, senders, transfer: transferMethod(chain) }
}

let nonces = 0

/** The next nonce; none comes twice in a run. */
export function nextNonce(): `0x${string}` {
  nonces += 1
  return `0x${nonces.toString(16).padStart(16, '0')}`
}

/** Signed transfers from the senders in turn, each to an account of its own, marked at genesis. */
export function signTransfers(world: World, count: number): SignedTransaction[] {
  const { chain, senders, transfer } = world
  return Array.from({ length: count }, (_, index) => {
    const sender = senders[index % senders.length]
    if (sender === undefined) throw new Error('no senders')
    const nonce = nextNonce()
    const args = encodeArgs(transfer.abi, { to: recipient(nonces), symbol: 'ELF', amount: 1_000_000n + BigInt(index) })
    return signTransaction(
      {
        version: 1,
        walletChainId: 6_118_001n,
        from: sender.address,
        contract: transfer.contractAddress,
        method: transfer.number,
        args,
        refHeight: 0n,
        refHash: markPrefix(chain.network.genesisHash),
        feeLimit: ELF,
        nonce,
      },
      { method: transfer, network: chain.network, privateKey: sender.privateKey },
    )
  })
}

export const encodeAll = (transactions: readonly SignedTransaction[]): Bytes[] => transactions.map(encodeTransaction)
