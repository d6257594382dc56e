import { buildGenesisState, createRegistry, genesisOf, type Registry } from '#contracts/runtime'
import { feePolicyAt, feeProvider, token } from '#contracts/token'
import type { ExecutionInput } from '#executor'
import { emptySparseTree, encodeArgs, type FieldValues, type SignedTransaction, type SparseTree } from '#kernel'
import { type Address, bigintToBytes, bytesToHex, type Prng, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { sandboxAccount } from '../sandbox/index.ts'
import { work } from './workContract.ts'

const ELF = 100_000_000n
const RICH = 12
/** These can pay a few fees. */
const POOR = 3

/** Token and a contract that is made for this, on one state. */
export interface LaneWorld {
  readonly registry: Registry
  readonly accounts: readonly Address[]
  genesis(): SparseTree
  call(name: string, from: Address, args: FieldValues): SignedTransaction
  input(height: bigint, block: Omit<ExecutionInput, 'env' | 'feePolicy'>): ExecutionInput
}

export function createLaneRegistry(): Registry {
  return createRegistry({ contracts: [token, work], ports: [], fees: feeProvider })
}

export function createLaneWorld(richAccounts: number = RICH): LaneWorld {
  const registry = createLaneRegistry()
  const accounts = Array.from({ length: richAccounts + POOR }, (_, index) => sandboxAccount(index))
  const env = (height: bigint): ExecutionInput['env'] => ({
    chainId: 1,
    genesisHash: ZERO_HASH,
    height,
    slot: height,
    timeMs: 4_000n * height,
    producer: ZERO_ADDRESS,
    signal: ZERO_HASH,
  })
  const balances = accounts.map((account, index) => ({
    account,
    amount: index < richAccounts ? 1_000n * ELF : ELF / 200n,
  }))
  const tokens = [{ symbol: 'ELF', tokenName: 'aelf', creator: ZERO_ADDRESS, burnable: false, balances }]
  const first = buildGenesisState(registry, env(0n), [genesisOf(token, { tokens })])
  let nonce = 0n
  return {
    registry,
    accounts,
    genesis: () => emptySparseTree().update(first.state),
    call(name, from, args) {
      const [contract = '', method = ''] = name.split('.')
      const found = registry.methodByName(contract, method)
      if (found === undefined) throw new Error(`no method ${name}`)
      nonce += 1n
      return {
        version: 1,
        walletChainId: 1n,
        from,
        contract: found.contract.address,
        method: found.method.number,
        args: encodeArgs(found.method.abi, args),
        refHeight: 0n,
        refHash: '0x0000000000000000',
        feeLimit: ELF,
        nonce: bytesToHex(bigintToBytes(nonce, 8)),
        authorization: { kind: 0, signature: `0x${'00'.repeat(65)}` },
      }
    },
    input: (height, block) => ({ ...block, env: env(height), feePolicy: feePolicyAt(registry, height) }),
  }
}

/** By weight: what is frequent on a chain is frequent here. */
const NAMES: readonly string[] = [
  ...new Array<string>(6).fill('transfer'),
  ...['add', 'add', 'take', 'move', 'move', 'put', 'put', 'put', 'peek', 'peek'],
  ...['sweep', 'alone', 'wrong', 'unsure', 'evict', 'clear', 'spin'],
]

/** Transactions of every kind: conflicts, failures, those that run alone, those that nobody can pay, transfers to oneself. */
export function randomTransactions(world: LaneWorld, prng: Prng, most: number): SignedTransaction[] {
  const { accounts } = world
  // Few accounts conflict often, many seldom.
  const crowd = accounts.slice(0, 2 + prng.int(accounts.length - 1))
  const shelves = 1 + prng.int(8)
  const alone: SignedTransaction[] = []
  const list: SignedTransaction[] = []
  for (let left = prng.int(most + 1); left > 0; left--) {
    const name = prng.pick(NAMES)
    const from = prng.bool([1, 12]) ? prng.pick(accounts.slice(-POOR)) : prng.pick(crowd)
    const account = prng.pick(crowd)
    const amount = prng.bool([1, 6]) ? 0n : BigInt(prng.int(200))
    const made =
      name === 'transfer'
        ? world.call('token.transfer', from, {
            to: account,
            symbol: prng.bool([1, 15]) ? 'NO' : 'ELF',
            amount: amount * 1_000_000n,
          })
        : world.call(`work.${name}`, from, { account, shelf: prng.int(shelves), n: prng.int(4), amount })
    const spoiled = prng.int(60)
    const transaction =
      spoiled === 0 ? { ...made, feeLimit: 5n } : spoiled === 1 ? { ...made, args: made.args.subarray(1) } : made
    if (name === 'alone') alone.push(transaction)
    else list.push(transaction)
  }
  // Once in a while in a wrong order, which makes a block invalid and which building puts right.
  return prng.bool([1, 20]) ? [...alone, ...list] : [...list, ...alone]
}
