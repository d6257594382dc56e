import { type OracleBlock, type OracleTransaction, readBlock } from './blocks.ts'
import { Book, ELECTION, FOUNDATION, GREETER, PROPOSAL, REWARD, TOKEN } from './book.ts'
import { Cursor, fromHex, type HexText, toHex, uint } from './bytes.ts'
import {
  type Course,
  greet,
  openCourse,
  proceed,
  type Successor,
  takeOver,
  type UpdateRule,
  writeCourse,
} from './collection.ts'
import { type ElectionRules, electionMethods, endTerm, openElection, producersHash, votesFault } from './election.ts'
import { Foundation } from './foundation.ts'
import { Proposals } from './proposal.ts'
import { Rewards } from './reward.ts'
import { type Producer, type RoundFacts, Rounds } from './rounds.ts'
import { type Call, issue, type OracleEvent, type Refusal, supplyFault, takeFee, tokenMethods } from './token.ts'
import { listRoot } from './trees.ts'
import { VoteCount } from './votes.ts'

const MARK_WINDOW = 64
const NO_HASH = '00'.repeat(32)
const FEE_BASE = 100_000n
export const FEE_PER_BYTE = 1_000n
const FEE_ALONE = 1_000_000n
/** How often the sums over all state are checked, in blocks. */
const SUMS_EVERY = 64

/** What the chain was started with, in the oracle's own terms. */
export interface OracleGenesis {
  readonly chainId: number
  readonly genesisHash: HexText
  readonly stateRoot: HexText
  readonly collection: HexText
  readonly rule: UpdateRule
  /** What may follow the collection of genesis; any other hash is code nobody has. */
  readonly successors: readonly Successor[]
  readonly genesisTimeMs: number
  readonly slotMs: number
  readonly termSeconds: number
  readonly firstN: number
  readonly exclusionBaseHours: number
  readonly blockReward: bigint
  readonly halvingSeconds: bigint
  readonly creator: HexText
  readonly members: readonly HexText[]
  readonly memberThreshold: number
  readonly changeSeconds: bigint
  readonly periodSeconds: bigint
  readonly balances: readonly (readonly [HexText, bigint])[]
  readonly producers: readonly Producer[]
  readonly candidates: readonly {
    readonly address: HexText
    readonly name: string
    readonly url: string
    readonly commitment: HexText
    readonly bps: number
  }[]
  readonly votes: readonly {
    readonly voter: HexText
    readonly delegate: HexText
    readonly amount: bigint
    readonly days: number
  }[]
}

/** What the simulation knows because it holds all keys. */
export interface Witness {
  /** Whether this very envelope carries its sender's signature. */
  signedTransaction(id: HexText, signature: HexText): boolean
  signedHeader(hash: HexText): boolean
}

export interface ChainFacts extends RoundFacts {
  transactions: number
  failed: number
  evictions: number
  /** What blocks said about updates, and how near they came. */
  updates: Map<string, number>
  calls: Map<string, number>
}

type Methods = Readonly<Record<number, (typeof electionMethods)[number]>>

interface Result {
  readonly receipt: Buffer
  readonly failed: boolean
  readonly evicted: HexText | undefined
}

/** A rule that a finalised chain breaks. */
export class OracleFault extends Error {
  readonly rule: string
  constructor(rule: string, message: string) {
    super(message)
    this.rule = rule
  }
}

/**
 * A naive second implementation of the chain's rules, written from the specification. It follows one chain from genesis, block by
 * block as bytes, and throws an OracleFault at the first thing that is not as it must be.
 */
export class OracleChain {
  readonly included = new Map<HexText, number>()
  readonly hashes: HexText[]
  readonly votes = new VoteCount()
  readonly rounds: Rounds
  readonly facts: ChainFacts
  readonly stateRoots: HexText[]
  private readonly genesis: OracleGenesis
  private readonly witness: Witness
  private readonly rules: ElectionRules
  private readonly book = new Book()
  private readonly foundation: Foundation
  private readonly proposals: Proposals
  private readonly collections: ReadonlyMap<HexText, Successor>
  course: Course

  constructor(genesis: OracleGenesis, witness: Witness) {
    this.genesis = genesis
    this.witness = witness
    const { chainId, genesisHash, termSeconds, firstN } = genesis
    this.rules = {
      chainId,
      genesisHash,
      termSeconds: BigInt(termSeconds),
      firstN: BigInt(firstN),
      rewards: new Rewards(genesis),
      signed: (hash) => witness.signedHeader(hash),
    }
    this.foundation = new Foundation(genesis)
    const isMember = (account: HexText): boolean => this.foundation.has(account)
    this.proposals = new Proposals({ periodSeconds: genesis.periodSeconds, isMember })
    this.rounds = new Rounds(genesis)
    this.collections = collectionsOf(genesis)
    this.course = openCourse(genesis.collection)
    this.facts = Object.assign(this.rounds.facts, {
      transactions: 0,
      failed: 0,
      evictions: 0,
      updates: new Map<string, number>(),
      calls: new Map<string, number>(),
    })
    this.hashes = [genesis.genesisHash]
    this.stateRoots = [this.open()]
    if (this.stateRoots[0] !== genesis.stateRoot) throw new OracleFault('genesis', 'the first state has another root')
  }

  get height(): number {
    return this.hashes.length - 1
  }

  /** Checks and follows the next block. */
  follow(bytes: Uint8Array): OracleBlock {
    const block = readBlock(bytes)
    const { header, transactions } = block
    const { height } = header
    if (height !== this.height + 1) throw new OracleFault('height', `block ${height} follows ${this.height}`)
    const say = (rule: string, message: string | undefined): void => {
      if (message !== undefined) throw new OracleFault(rule, `block ${height} (${header.hash.slice(0, 8)}): ${message}`)
    }
    const same = (rule: string, found: HexText, expected: HexText): void =>
      say(rule, found === expected ? undefined : `${found} instead of ${expected}`)
    if (header.chainId !== this.genesis.chainId) say('chainId', 'of another chain')
    same('network', header.extension.toString('hex'), this.genesis.genesisHash)
    same('parent', header.parent, this.hashes[height - 1] ?? '')
    if (!this.witness.signedHeader(header.hash)) say('headerSignature', 'nobody with the key made it')
    same('transactionRoot', header.transactionRoot, listRoot(transactions.map(({ bytes: raw }) => raw)))
    same('indexRoot', header.indexRoot, listRoot([]))
    const before = this.course
    takeOver(this.book, before, this.about)
    this.course = proceed(before, header.signal, this.about)
    const results = transactions.map((transaction) => {
      say('transaction', this.envelopeFault(transaction, height))
      this.included.set(transaction.id, height)
      return this.run(transaction, header, say)
    })
    const timeMs = this.timeOf(header.slot)
    this.rules.rewards.countBlock(this.book, header.producer)
    const elected = endTerm(this.book, timeMs, this.rules)
    const evictions = results.flatMap(({ evicted }) => (evicted === undefined ? [] : [evicted]))
    same('receiptRoot', header.receiptRoot, listRoot(results.map(({ receipt }) => receipt)))
    writeCourse(this.book, before, this.course, this.ruleNow().window)
    this.countUpdates()
    const root = this.book.settle()
    same('stateRoot', header.stateRoot, root)
    const electedHash = elected === undefined ? NO_HASH : producersHash(elected)
    if (header.consensus.prevoted !== this.votes.prevoted)
      say('prevoted', `says ${header.consensus.prevoted}, is ${this.votes.prevoted}`)
    say('rounds', this.rounds.follow(header, { elected, electedHash, evictions }))
    const members = new Set(this.rounds.term.list.map(({ address }) => address))
    const { generated, prevoted } = header.consensus
    const voting = { producer: header.producer, height, generated, prevoted }
    say('contradiction', this.votes.contradiction(voting))
    this.votes.add(voting, members)
    this.hashes.push(header.hash)
    this.stateRoots.push(root)
    this.facts.evictions += evictions.length
    say('rewards', this.rules.rewards.fault(this.book))
    if (height % SUMS_EVERY === 0) this.checkSums()
    return block
  }

  /** Sums over all state: supply, votes and locks. */
  checkSums(): void {
    const wrong = supplyFault(this.book)
    if (wrong !== undefined) throw new OracleFault('supply', `at height ${this.height}: ${wrong}`)
    const votes = votesFault(this.book)
    if (votes !== undefined) throw new OracleFault('votes', `at height ${this.height}: ${votes}`)
  }

  private timeOf(slot: number): bigint {
    return BigInt(this.genesis.genesisTimeMs) + BigInt(slot) * BigInt(this.genesis.slotMs)
  }

  private open(): HexText {
    const { genesis, book, rules } = this
    issue(book, 'ELF', { name: 'aelf', creator: genesis.creator, balances: genesis.balances })
    writeCourse(book, this.course, this.course, genesis.rule.window)
    const call: Call = { book, from: ELECTION, id: NO_HASH, timeMs: this.timeOf(0), height: 0, events: [] }
    this.foundation.open(book)
    openElection(call, { rules, producers: genesis.producers, candidates: genesis.candidates, votes: genesis.votes })
    return book.settle()
  }

  private envelopeFault({ id, signature, refHeight, refHash }: OracleTransaction, height: number): string | undefined {
    if (!this.witness.signedTransaction(id, signature)) return `${id} was not signed by its sender`
    const before = this.included.get(id)
    if (before !== undefined && height - before <= MARK_WINDOW) return `${id} was in block ${before} already`
    if (refHeight >= height || height - refHeight > MARK_WINDOW) return `${id} has the mark ${refHeight}`
    return this.hashes[refHeight]?.startsWith(refHash) === true ? undefined : `${id} has a mark of another branch`
  }

  /** What is known about a collection. Throws an OracleFault where nobody can know it, so nobody can have run it. */
  private readonly about = (hash: HexText): Successor => {
    const found = this.collections.get(hash)
    if (found === undefined) throw new OracleFault('collection', `nobody has the collection ${hash}`)
    return found
  }

  /** The rule the newest block was judged by. */
  private ruleNow(): UpdateRule {
    return this.about(this.course.ran).rule
  }

  private countUpdates(): void {
    const { said, candidate, rival, support } = this.course
    const { lockIn } = this.ruleNow()
    const hit = (name: string): void => void this.facts.updates.set(name, (this.facts.updates.get(name) ?? 0) + 1)
    for (const one of said) hit(one)
    if (rival === lockIn - 1) hit('oneShort')
    if (candidate !== undefined && 2 * rival >= lockIn) hit('competing')
    if (candidate !== undefined && !said.includes('lockedIn') && !said.includes('replaced')) {
      if (support === lockIn) hit('heldAtTheLine')
      if (support === lockIn - 1) hit('lostByOne')
    }
  }

  private methodsOf(number: number): Methods {
    if (number === 700) return { 1: greet }
    const { rewards } = this.rules
    const { foundation, proposals } = this
    switch (number) {
      case 1:
        return tokenMethods
      case 2:
        return electionMethods
      case 4:
        return {
          1: (on, given) => rewards.claim(on, given),
          2: (on, given) => rewards.claimCommission(on, given),
        }
      case 6:
        return {
          1: (on, given) => foundation.addMember(on, given),
          2: (on, given) => foundation.removeMember(on, given),
          3: (on, given) => foundation.setThreshold(on, given),
        }
      case 7:
        return {
          1: (on, given) => proposals.submit(on, given),
          2: (on, given) => proposals.choose(on, given, 1),
          3: (on, given) => proposals.choose(on, given, 2),
          4: (on, given) => proposals.review(on, given),
          5: (on, given) => proposals.withdraw(on, given),
          6: (on, given) => proposals.expire(on, given),
        }
      default:
        return {}
    }
  }

  private run(
    transaction: OracleTransaction,
    header: OracleBlock['header'],
    say: (rule: string, message: string) => void,
  ): Result {
    const { id, from, contract, method, args, feeLimit, bytes } = transaction
    const { book, facts } = this
    const alone = (contract === ELECTION && method === 10) || (contract === PROPOSAL && [2, 3, 6].includes(method))
    const era = this.about(this.course.ran)
    const fee = FEE_BASE + era.feePerByte * BigInt(bytes.length) + (alone ? FEE_ALONE : 0n)
    if (fee > feeLimit) say('fee', `${id} allows ${feeLimit} of ${fee}`)
    if (!takeFee(book, from, fee)) say('fee', `${id} is not paid for`)
    const start = book.mark()
    const events: OracleEvent[] = []
    const call: Call = { book, from, id, timeMs: this.timeOf(header.slot), height: header.height, events }
    const number =
      contract === GREETER ? 700 : [TOKEN, ELECTION, '', REWARD, '', FOUNDATION, PROPOSAL].indexOf(contract) + 1
    const name = `${number}.${method}`
    const gone = era.without.includes(name) || (number === 700 && !era.greets)
    const known = this.methodsOf(number)[method]
    if (known === undefined || gone) throw new OracleFault('method', `${id} calls an unknown method`)
    const outcome = known(call, new Cursor(args), this.rules)
    const refusal: Refusal | undefined = outcome !== undefined && 'error' in outcome ? outcome : undefined
    if (refusal !== undefined) book.rollback(start)
    facts.transactions += 1
    if (refusal !== undefined) facts.failed += 1
    facts.calls.set(name, (facts.calls.get(name) ?? 0) + 1)
    const evicted = outcome !== undefined && 'evicted' in outcome ? outcome.evicted : undefined
    return { receipt: receiptOf({ id, fee, refusal, events }), failed: refusal !== undefined, evicted }
  }
}

/** Every collection the chain can run. */
export function collectionsOf({ collection, rule, successors }: OracleGenesis): ReadonlyMap<HexText, Successor> {
  const first = { hash: collection, feePerByte: FEE_PER_BYTE, without: [], greets: false, fails: false, rule }
  return new Map([first, ...successors].map((one) => [one.hash, one]))
}

/** SPEC 8.3. */
function receiptOf(given: {
  id: HexText
  fee: bigint
  refusal: Refusal | undefined
  events: readonly OracleEvent[]
}): Buffer {
  const { id, fee, refusal, events } = given
  const said = refusal === undefined ? events : []
  return Buffer.concat([
    fromHex(id),
    Buffer.from([refusal === undefined ? 1 : 0]),
    ...(refusal === undefined ? [] : [uint(refusal.contract, 2), uint(refusal.error, 2)]),
    uint(fee, 16),
    uint(said.length, 2),
    ...said.flatMap(({ contract, number, data }) => [fromHex(contract), uint(number, 2), uint(data.length, 4), data]),
  ])
}

export const plainHex = (hex: string): HexText => toHex(fromHex(hex))
