import { electionSimulation } from '#contracts/election'
import { foundationSimulation } from '#contracts/foundation'
import { proposalSimulation } from '#contracts/proposal'
import { rewardSimulation } from '#contracts/reward'
import { pickOperation, type SimulatedCall, type SimulatedThing } from '#contracts/runtime'
import { NATIVE_SYMBOL, ONE_TOKEN, tokenSimulation } from '#contracts/token'
import {
  encodeArgs,
  encodeTransaction,
  markPrefix,
  signingDigest,
  transactionId,
  type UnsignedTransaction,
} from '#kernel'
import {
  type Address,
  AelfError,
  type Bytes,
  bytesToHex,
  createPrng,
  type Hash,
  type Hex,
  type Prng,
  signDigest,
} from '#primitives'
import type { Machine } from '#testing'
import type { Keys, SimChain } from './genesis.ts'
import type { Knobs } from './knobs.ts'
import type { Observer } from './observer.ts'
import type { Probes } from './report.ts'

/** A transaction some machine has promised to keep. */
export interface Accepted {
  readonly id: Hash
  readonly machine: string
  readonly refHeight: bigint
  readonly refHash: Hex
  /** Nothing on any branch can make it invalid. */
  readonly certain: boolean
}

export interface ClientOptions {
  readonly knobs: Knobs
  readonly sim: SimChain
  readonly probes: Probes
  readonly observer: Observer
  readonly machines: readonly Machine[]
  accepted(machine: Machine, accepted: Accepted): void
  fail(rule: string, detail: string): void
}

interface Signed {
  readonly id: Hash
  readonly envelope: Bytes
  readonly unsigned: UnsignedTransaction
}

/** A node that seems to be on a fork nobody else follows accepts nothing. */
const SUSPENDED = 'node.suspended'
/** A machine that was set up anew, in the moment before it ends. */
const MISSING = 'execution.collection'
const FLOOD = 100
const SIMULATION = [
  ...tokenSimulation,
  ...electionSimulation,
  ...rewardSimulation,
  ...foundationSimulation,
  ...proposalSimulation,
]
/** Choices meet on the proposals made last. */
const LAST_PROPOSALS = 3
const FEE_LIMIT = 10n ** 9n

/** Everybody who sends transactions, with all their keys. */
export class Client {
  /** Signature that really belongs to an id. */
  readonly signatures = new Map<string, Hex>()
  accepted: Accepted[] = []
  private readonly options: ClientOptions
  private readonly prng: Prng
  private readonly keys: ReadonlyMap<Address, Keys>
  private readonly made: Record<'locks' | 'positions' | 'proposals', SimulatedThing[]> = {
    locks: [],
    positions: [],
    proposals: [],
  }
  private readonly sent: Bytes[] = []
  private reported = new Set<string>()

  constructor(options: ClientOptions) {
    this.options = options
    this.prng = createPrng(`client ${options.knobs.seed}`)
    const { users, delegates, witness, whale } = options.sim
    this.keys = new Map([...users, ...delegates, witness, whale].map((one) => [one.address, one]))
  }

  /** A machine lost what it had promised to keep. */
  forget(machine: string): void {
    this.accepted = this.accepted.filter((one) => one.machine !== machine)
  }

  /** Many transfers of one account at once, to one machine. */
  flood(): void {
    const { prng, options } = this
    const up = options.machines.filter((machine) => machine.up && !machine.isFrozen())
    const from = options.sim.users[0]?.address
    if (up.length === 0 || from === undefined) return
    options.probes.hit('flood of transactions')
    const machine = prng.pick(up)
    for (let left = FLOOD; left > 0; left--) {
      const args = { to: options.sim.whale.address, symbol: NATIVE_SYMBOL, amount: 1n }
      this.submit(machine, { from, contract: 'token', method: 'transfer', args }, { age: 0n, certain: false })
    }
  }

  /** One small transfer of the kind that must never be lost, or one random call. */
  act(): void {
    const { prng, options } = this
    const up = options.machines.filter((machine) => machine.up && !machine.isFrozen())
    if (up.length === 0) return
    const machine = prng.pick(up)
    const kind = prng.int(10)
    if (kind < 3) this.witness(machine)
    else if (kind === 3 && options.knobs.evidence) this.report(machine)
    else if (kind === 4 && options.knobs.bigVotes) this.bigVote(machine)
    else if (kind === 5 && options.knobs.invalid) this.nonsense(machine)
    else if (kind > 7 && options.knobs.upgrade !== undefined) this.changing(machine)
    else this.random(machine)
  }

  private witness(machine: Machine): void {
    const { witness } = this.options.sim
    const args = { to: this.options.sim.whale.address, symbol: NATIVE_SYMBOL, amount: 1n + BigInt(this.prng.int(1000)) }
    // An old mark on purpose, now and then: 63 below the head is the oldest that fits the next block.
    const age = this.prng.pick([0n, 0n, 1n, 3n, 20n, 63n])
    this.submit(
      machine,
      { from: witness.address, contract: 'token', method: 'transfer', args },
      { age, certain: age < 40n },
    )
  }

  /** A method that only some collections have. */
  private changing(machine: Machine): void {
    const { prng } = this
    const from = prng.pick(this.options.sim.users).address
    const burnt = { symbol: NATIVE_SYMBOL, amount: 1n }
    const call = prng.bool()
      ? { from, contract: 'greeter', method: 'greet', args: {} }
      : { from, contract: 'token', method: 'burn', args: burnt }
    this.submit(machine, call, { age: BigInt(prng.int(4)), certain: false })
  }

  private random(machine: Machine): void {
    const { prng, options } = this
    const { users, delegates } = options.sim
    const accounts = [...users, ...delegates].map(({ address }) => address)
    const operation = pickOperation(prng, SIMULATION)
    const call = operation?.build(prng, { accounts, made: this.made })
    if (call === undefined) return
    // A machine keeps revealing its one hash chain.
    if (
      (call.method === 'renewCommitment' || call.method === 'register') &&
      delegates.some(({ address }) => address === call.from)
    )
      return
    this.submit(machine, call, { age: BigInt(prng.int(4)), certain: false })
  }

  private bigVote(machine: Machine): void {
    const { prng } = this
    const { whale, delegates } = this.options.sim
    const positions = this.made.positions.filter(({ owner }) => owner === whale.address)
    const delegate = prng.pick(delegates).address
    const moved = positions.length > 0 && prng.bool()
    const call: SimulatedCall = moved
      ? {
          from: whale.address,
          contract: 'election',
          method: 'changeVote',
          args: { lockId: prng.pick(positions).id, delegate },
        }
      : {
          from: whale.address,
          contract: 'election',
          method: 'vote',
          args: { delegate, amount: BigInt(20_000 + prng.int(400_000)) * ONE_TOKEN, lockDays: 90 + prng.int(990) },
        }
    this.submit(machine, call, { age: 1n, certain: false })
  }

  private report(machine: Machine): void {
    const found = this.options.observer.evidence.find(({ producer }) => !this.reported.has(producer))
    if (found === undefined) return
    if (this.prng.int(4) === 0) this.reported.add(found.producer)
    const [headerA, headerB] = found.headers
    const { address } = this.prng.pick(this.options.sim.users)
    this.submit(
      machine,
      { from: address, contract: 'election', method: 'reportDoubleMining', args: { headerA, headerB } },
      { age: 1n, certain: false },
    )
  }

  /** What no node may accept. */
  private nonsense(machine: Machine): void {
    const { prng } = this
    const { users, witness } = this.options.sim
    const call: SimulatedCall = {
      from: prng.pick(users).address,
      contract: 'token',
      method: 'transfer',
      args: { to: witness.address, symbol: NATIVE_SYMBOL, amount: 5n },
    }
    const refused = (envelope: Bytes | undefined, what: string): void => {
      if (envelope !== undefined) this.hand(machine, envelope, { refuse: what })
    }
    switch (prng.int(6)) {
      case 0:
        return refused(this.sign(machine, call, { age: 1n, by: witness })?.envelope, 'another account’s signature')
      case 1:
        return refused(this.sign(machine, call, { age: 64n })?.envelope, 'a mark 65 blocks old')
      case 2:
        return refused(this.sign(machine, call, { age: -1n })?.envelope, 'a mark of the future')
      case 3:
        return refused(this.sign(machine, call, { age: 1n, feeLimit: 1000n })?.envelope, 'a fee limit below the fee')
      case 4: {
        const args = { ...call.args, amount: 10n ** 30n }
        return refused(this.sign(machine, { ...call, args }, { age: 1n })?.envelope, 'more than the balance')
      }
      default: {
        const again = this.sent.length === 0 ? undefined : prng.pick(this.sent)
        if (again !== undefined) this.hand(machine, again, {})
      }
    }
  }

  private submit(
    machine: Machine,
    call: SimulatedCall,
    how: { readonly age: bigint; readonly certain: boolean },
  ): void {
    const signed = this.sign(machine, call, how)
    if (signed === undefined) return
    this.sent.push(signed.envelope)
    this.hand(machine, signed.envelope, { signed, certain: how.certain, call })
  }

  private hand(
    machine: Machine,
    envelope: Bytes,
    about: {
      readonly refuse?: string
      readonly signed?: Signed
      readonly certain?: boolean
      readonly call?: SimulatedCall
    },
  ): void {
    const { options } = this
    const { probes, fail } = options
    machine.node?.api.submit(envelope).then(
      (id) => {
        if (about.refuse !== undefined) fail('admission', `${machine.name} accepted ${id} with ${about.refuse}`)
        const { signed } = about
        if (signed === undefined) return
        probes.hit('transaction accepted')
        this.remember(signed, about.call)
        const { refHeight, refHash } = signed.unsigned
        const entry: Accepted = {
          id,
          machine: machine.name,
          refHeight,
          refHash,
          certain: about.certain === true,
        }
        this.accepted.push(entry)
        this.options.accepted(machine, entry)
      },
      (error: unknown) => {
        // A node whose disk failed accepts nothing more.
        if (machine.isBroken()) return
        const code = error instanceof AelfError ? error.code : ''
        const isWithout = options.knobs.upgrade !== undefined && code === MISSING
        if (code.startsWith('tx.') || code === SUSPENDED || isWithout) {
          probes.hit('transaction refused')
          probes.hit(`refused: ${code}`)
          return
        }
        fail('submit', `${machine.name}: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  }

  private remember({ id }: Signed, call: SimulatedCall | undefined): void {
    if (call === undefined) return
    if (call.method === 'vote') this.made.positions.push({ id, owner: call.from })
    if (call.method === 'submit')
      this.made.proposals = [...this.made.proposals.slice(1 - LAST_PROPOSALS), { id, owner: call.from }]
    if (call.method === 'lock') this.made.locks.push({ id, owner: call.from })
  }

  private sign(
    machine: Machine,
    call: SimulatedCall,
    how: { readonly age: bigint; readonly by?: Keys; readonly feeLimit?: bigint },
  ): Signed | undefined {
    const { chain, successors } = this.options.sim
    const entry = successors.method(call.contract, call.method)
    const owner = how.by ?? this.keys.get(call.from)
    const head = machine.node?.ledger.head()
    if (entry === undefined || owner === undefined || head === undefined) return undefined
    const refHeight = head.header.height - how.age
    if (refHeight < 0n) return undefined
    let mark = head
    while (mark.header.height > refHeight && mark.parent !== undefined) mark = mark.parent
    if (mark.header.height > refHeight) return undefined
    const unsigned: UnsignedTransaction = {
      version: 1,
      walletChainId: 1n,
      from: call.from,
      contract: entry.descriptor.contractAddress,
      method: entry.descriptor.number,
      args: encodeArgs(entry.descriptor.abi, call.args),
      refHeight,
      refHash: markPrefix(mark.header.hash),
      feeLimit: how.feeLimit ?? FEE_LIMIT,
      nonce: bytesToHex(this.prng.bytes(8)),
    }
    const digest = signingDigest(unsigned, entry.descriptor, chain.network)
    const signature = bytesToHex(signDigest(digest, owner.privateKey))
    const id = transactionId(unsigned)
    if (owner.address === call.from) this.signatures.set(id.slice(2), signature)
    return { id, unsigned, envelope: encodeTransaction({ ...unsigned, authorization: { kind: 0, signature } }) }
  }
}
