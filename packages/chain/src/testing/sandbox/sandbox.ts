import { mainCollection } from '#chains'
import { collection } from '#contracts/collection'
import { type ElectionGenesis, election, openFirstTerm } from '#contracts/election'
import { foundation } from '#contracts/foundation'
import { proposal } from '#contracts/proposal'
import {
  type BlockEnvironment,
  buildGenesisState,
  type Collection,
  createContext,
  createRegistry,
  createStateScan,
  type GenesisStep,
  genesisOf,
  type Registry,
  UNLIMITED,
  type WrittenKey,
} from '#contracts/runtime'
import { feePolicyAt, token } from '#contracts/token'
import { createSerialExecutor, type ExecutionOutput, type SerialExecutor, type ViewValue } from '#executor'
import {
  emptySparseTree,
  encodeArgs,
  type FieldValues,
  type Receipt,
  type SignedTransaction,
  type SparseTree,
} from '#kernel'
import {
  type Address,
  type Amount,
  asAddress,
  asHash,
  assert,
  bigintToBytes,
  bytesToHex,
  type Hash,
  type Hex,
  taggedHash,
  ZERO_ADDRESS,
  ZERO_HASH,
} from '#primitives'

export const SANDBOX_CHAIN_ID = 7
export const SANDBOX_GENESIS_HASH: Hash = taggedHash('aelf/sandbox/1')
export const SANDBOX_COLLECTION: Hash = taggedHash('aelf/sandbox/2')
export const SANDBOX_GENESIS_MS = 1_700_000_000_000n
export const SANDBOX_SLOT_MS = 4_000n
const NO_SIGNATURE: Hex = `0x${'00'.repeat(65)}`
const NO_MARK: Hex = '0x0000000000000000'

/** Address number n; no key belongs to it, as nothing here checks signatures. */
export const sandboxAccount = (n: number): Address => asAddress(bytesToHex(bigintToBytes(0xacc0_0000n + BigInt(n), 20)))
export const sandboxCommitment = (n: number): Hash => asHash(bytesToHex(bigintToBytes(BigInt(n + 1), 32)))

export interface SandboxCall {
  readonly from: Address
  readonly contract: string
  readonly method: string
  readonly args: FieldValues
}

export interface SandboxOptions {
  readonly balances: readonly { readonly account: Address; readonly amount: Amount }[]
  readonly producers?: ElectionGenesis['producers']
  readonly candidates?: ElectionGenesis['candidates']
  /** Of the foundation; at first the first account with a balance alone. */
  readonly members?: readonly Address[]
  readonly memberThreshold?: number
  readonly params?: Readonly<Record<string, bigint>>
  /** What runs; the main collection when left out. */
  readonly code?: Collection
}

/** System contracts on the serial executor, one block at a time, without network, signatures or consensus. */
export interface Sandbox {
  readonly registry: Registry
  readonly executor: SerialExecutor
  state(): SparseTree
  timeMs(): bigint
  height(): bigint
  env(): BlockEnvironment
  transaction(call: SandboxCall): SignedTransaction
  /** Executes a block one slot later. */
  block(calls: readonly SandboxCall[], mode?: 'build' | 'validate'): ExecutionOutput
  /** A block with one call; its receipt. */
  send(call: SandboxCall): Receipt
  view(contract: string, view: string, args?: FieldValues): ViewValue
  /** Moves the clock; takes effect with the next block. */
  advance(ms: bigint): void
  /** Who makes the blocks from now on; at first the first producer. */
  produce(by: Address): void
  /** What the headers of the blocks signal from now on; at first nothing. */
  signal(hash: Hash): void
  /** What is wrong with the state; empty when all invariants hold. */
  violations(): readonly string[]
}

/** The system contracts with their ports bound. */
export function createSandboxRegistry(
  params: Readonly<Record<string, bigint>> = {},
  code: Collection = mainCollection,
): Registry {
  return createRegistry({ ...code, params })
}

const openingStep: GenesisStep = {
  contract: election.identity.name,
  run(registry, block, journal) {
    const scope = { registry, journal, access: UNLIMITED, block, from: election.address, transactionId: ZERO_HASH }
    openFirstTerm(createContext(scope, election.address, election.address))
  },
}

function firstState(registry: Registry, options: SandboxOptions) {
  const block = {
    chainId: SANDBOX_CHAIN_ID,
    genesisHash: ZERO_HASH,
    height: 0n,
    slot: 0n,
    timeMs: SANDBOX_GENESIS_MS,
    producer: ZERO_ADDRESS,
    signal: ZERO_HASH,
  }
  const creator = options.balances[0]?.account ?? sandboxAccount(0)
  return buildGenesisState(registry, block, [
    genesisOf(token, {
      tokens: [{ symbol: 'ELF', tokenName: 'aelf', creator, burnable: true, balances: options.balances }],
    }),
    genesisOf(collection, { hash: SANDBOX_COLLECTION }),
    genesisOf(foundation, { members: options.members ?? [creator], threshold: options.memberThreshold ?? 1 }),
    genesisOf(proposal, {}),
    genesisOf(election, { producers: options.producers ?? [], candidates: options.candidates ?? [] }),
    openingStep,
  ])
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const registry = createSandboxRegistry(options.params, options.code)
  const executor = createSerialExecutor(registry)
  const first = firstState(registry, options)
  const keys = new Map<Hash, WrittenKey>(first.written)
  let tree = emptySparseTree().update(first.state)
  let slot = 0n
  let height = 0n
  let nonce = 0n
  let signal: Hash = ZERO_HASH
  let producer: Address = options.producers?.[0]?.address ?? ZERO_ADDRESS
  const timeMs = (): bigint => SANDBOX_GENESIS_MS + slot * SANDBOX_SLOT_MS
  const env = () => ({
    chainId: SANDBOX_CHAIN_ID,
    genesisHash: SANDBOX_GENESIS_HASH,
    height: height + 1n,
    slot: slot + 1n,
    timeMs: timeMs() + SANDBOX_SLOT_MS,
    producer,
    signal,
  })
  const transaction = ({ from, contract, method, args }: SandboxCall): SignedTransaction => {
    const found = registry.methodByName(contract, method)
    assert(found !== undefined, `no method ${contract}.${method}`)
    nonce++
    return {
      version: 1,
      walletChainId: 1n,
      from,
      contract: found.contract.address,
      method: found.method.number,
      args: encodeArgs(found.method.abi, args),
      refHeight: 0n,
      refHash: NO_MARK,
      feeLimit: 10n ** 12n,
      nonce: bytesToHex(bigintToBytes(nonce, 8)),
      authorization: { kind: 0, signature: NO_SIGNATURE },
    }
  }
  const block = (calls: readonly SandboxCall[], mode: 'build' | 'validate' = 'validate'): ExecutionOutput => {
    const feePolicy = feePolicyAt(registry, height + 1n)
    const output = executor.execute({
      parentState: tree,
      transactions: calls.map(transaction),
      env: env(),
      feePolicy,
      mode,
    })
    tree = tree.update(output.diff)
    for (const [path, key] of output.written) keys.set(path, key)
    slot += 1n
    height += 1n
    return output
  }
  return {
    registry,
    executor,
    timeMs,
    env,
    transaction,
    block,
    state: () => tree,
    height: () => height,
    send: (call) => {
      const [receipt] = block([call]).receipts
      assert(receipt !== undefined, 'one call, one receipt')
      return receipt
    },
    view: (contract, view, args = {}) =>
      executor.view({ contract, view, args }, { state: tree, env: { ...env(), timeMs: timeMs(), slot, height } }),
    advance: (ms) => {
      slot += ms / SANDBOX_SLOT_MS
    },
    produce: (by) => {
      producer = by
    },
    signal: (hash) => {
      signal = hash
    },
    violations: () => {
      const scan = createStateScan(tree, keys)
      return registry.contracts.flatMap(({ identity, invariants }) =>
        invariants.flatMap((invariant) => {
          const wrong = invariant.check(scan)
          return wrong === undefined ? [] : [`${identity.name}.${invariant.name}: ${wrong}`]
        }),
      )
    },
  }
}
