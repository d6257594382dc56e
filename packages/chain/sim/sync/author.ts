import { type DposProposeInput, type DposState, scheduleAt } from '#consensus/dpos'
import { NATIVE_SYMBOL } from '#contracts/token'
import type { EraExecutor } from '#executor'
import { encodeArgs, markOf, type SignedTransaction, sealHeader, signTransaction } from '#kernel'
import type { Ledger } from '#ledger'
import { createNode } from '#node'
import { createMemoryNetwork } from '#p2p'
import { type Address, bytesToHex, createPrng, type Hash, hexToBytes, type Logger, signDigest } from '#primitives'
import { createMemoryStore } from '#store'
import { Timeline } from '#testing'
import type { Keys, SimChain } from '../genesis.ts'

const quiet = (): void => undefined
export const SILENT: Logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Writes chains with the keys of all producers, faster than they could be made in time. */
export class Author {
  readonly ledger: Ledger<DposState, DposProposeInput>
  private readonly sim: SimChain
  private readonly generated = new Map<Address, bigint>()
  private readonly prng = createPrng('author')

  private constructor(sim: SimChain, ledger: Ledger<DposState, DposProposeInput>) {
    this.sim = sim
    this.ledger = ledger
  }

  static async open(sim: SimChain, executor?: EraExecutor): Promise<Author> {
    const clock = new Timeline({ startMs: 0 })
    const net = createMemoryNetwork({ clock }).join('author')
    const own = executor === undefined ? {} : { executor }
    const ports = { chain: sim.chain, clock, net, store: createMemoryStore(), logger: SILENT, ...own }
    const { ledger } = await createNode({ name: 'author', keepStates: 80, relay: false }, ports)
    return new Author(sim, ledger)
  }

  /** Copies another's chain up to a height. */
  async copy(from: Author, height: bigint): Promise<void> {
    for (let at = 1n; at <= height; at += 1n) {
      const hash = await from.ledger.hashAt(at)
      const stored = hash === undefined ? undefined : await from.ledger.block(hash)
      if (stored === undefined) throw new Error(`no block ${at}`)
      await this.ledger.importBlock(stored.block)
      this.generated.set(stored.block.header.producer, at)
    }
  }

  /** Fills the slots up to one with blocks; `only` names the producers that make one. */
  async write(
    lastSlot: bigint,
    {
      only,
      transactions = 0,
      signal,
    }: { readonly only?: ReadonlySet<Address>; readonly transactions?: number; readonly signal?: Hash } = {},
  ): Promise<void> {
    const { ledger, sim } = this
    for (let slot = ledger.head().header.slot + 1n; slot <= lastSlot; slot += 1n) {
      const producer = scheduleAt(ledger.headState(), slot)?.producer
      const keys = sim.delegates.find(({ address }) => address === producer)
      if (producer === undefined || keys === undefined || only?.has(producer) === false) continue
      const built = await ledger.buildBlock({
        slot,
        producer,
        ...(signal === undefined ? {} : { signal }),
        candidates: Array.from({ length: transactions }, () => this.transfer()),
        propose: (summary) => ({
          slot,
          producer,
          summary,
          generatedHeight: this.generated.get(producer) ?? 0n,
          preimageOf: (anchor) => keys.reveals.preimageOf(anchor),
        }),
      })
      if (built === undefined) throw new Error(`no block in slot ${slot}`)
      const signature = bytesToHex(signDigest(hexToBytes(built.hash), keys.privateKey))
      const { height } = built.header
      this.generated.set(producer, height)
      await ledger.importBlock({ header: sealHeader(built.header, signature), transactions: built.transactions })
    }
  }

  /** A transfer marked at the head of this chain. */
  transfer(sender: Keys = this.sim.witness): SignedTransaction {
    const { chain, whale } = this.sim
    const method = chain.registry.methodByName('token', 'transfer')?.descriptor
    if (method === undefined) throw new Error('no transfers')
    const { height, hash } = this.ledger.head().header
    return signTransaction(
      {
        version: 1,
        walletChainId: 1n,
        from: sender.address,
        contract: method.contractAddress,
        method: method.number,
        args: encodeArgs(method.abi, { to: whale.address, symbol: NATIVE_SYMBOL, amount: 1n }),
        ...markOf(height, hash),
        feeLimit: 10n ** 9n,
        nonce: bytesToHex(this.prng.bytes(8)),
      },
      { method, network: chain.network, privateKey: sender.privateKey },
    )
  }
}
