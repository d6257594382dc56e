import { type Bytes, type Hash, hexToBytes, taggedHashBytes, writer, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { headerHash, sealHeader } from '../block/header.ts'
import type { Block, Header } from '../block/types.ts'
import { KernelError } from '../error.ts'
import { EMPTY_LIST_ROOT } from '../merkle/binary.ts'
import { emptySparseTree, type SparseTree } from '../merkle/sparse.ts'
import { encodeProducers } from '../standards/producers.ts'
import type { NetworkIdentity } from '../transaction/types.ts'
import type { Genesis } from './types.ts'

const MAX_NETWORK_NAME = 64

function checkGenesis(genesis: Genesis): void {
  const { network, genesisTimeMs, slotMs } = genesis
  if (!/^[ -~]+$/.test(network) || network.length > MAX_NETWORK_NAME) {
    throw new KernelError('genesis.network', 'a network name has 1 to 64 printable ASCII characters', {
      details: { network },
    })
  }
  if (genesisTimeMs < 0n || slotMs <= 0n)
    throw new KernelError('genesis.time', 'genesis time and slot length are natural numbers')
}

/** What the genesis header commits to besides state and collection: network, times, parameters by name order, producers. */
export function encodeGenesisTerms(genesis: Genesis): Bytes {
  checkGenesis(genesis)
  const names = Object.keys(genesis.params).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  const out = writer().string(genesis.network).u64(genesis.genesisTimeMs).u64(genesis.slotMs).u32(names.length)
  for (const name of names) out.string(name).u256(genesis.params[name] ?? 0n)
  return out.fixed(encodeProducers(genesis.producers)).finish()
}

/** State of block 0. */
export function genesisTree(genesis: Genesis): SparseTree {
  return emptySparseTree().update(genesis.state)
}

function genesisHeader(genesis: Genesis): Header {
  return {
    version: 1,
    chainId: genesis.chainId,
    height: 0n,
    parentHash: ZERO_HASH,
    slot: 0n,
    producer: ZERO_ADDRESS,
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: genesisTree(genesis).root,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: taggedHashBytes('aelf/genesis/1', encodeGenesisTerms(genesis)),
    extension: hexToBytes(genesis.collectionHash),
  }
}

/** Block 0: no transactions, a signature of 65 zero bytes. Throws `genesis.*`, `codec.range`. */
export function genesisBlock(genesis: Genesis): Block {
  return { header: sealHeader(genesisHeader(genesis), `0x${'00'.repeat(65)}`), transactions: [] }
}

/** Hash of block 0; the salt of every signature on this network. */
export function genesisHashOf(genesis: Genesis): Hash {
  return headerHash(genesisHeader(genesis))
}

export function networkIdentityOf(genesis: Genesis): NetworkIdentity {
  return { name: genesis.network, genesisHash: genesisHashOf(genesis) }
}

/** Milliseconds since the epoch at which a slot begins. */
export function slotTimeMs(genesis: Pick<Genesis, 'genesisTimeMs' | 'slotMs'>, slot: bigint): bigint {
  return genesis.genesisTimeMs + slot * genesis.slotMs
}

/** Slot that contains a time; negative times before genesis give slot 0. */
export function slotAt(genesis: Pick<Genesis, 'genesisTimeMs' | 'slotMs'>, timeMs: bigint): bigint {
  return timeMs <= genesis.genesisTimeMs ? 0n : (timeMs - genesis.genesisTimeMs) / genesis.slotMs
}
