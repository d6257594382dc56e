import { type Book, REWARD, TOKEN, TREASURY } from './book.ts'
import { Cursor, fromHex, type HexText, lengthed, text, toHex, uint } from './bytes.ts'
import { balanceOf, type Call, move, type Refusal } from './token.ts'

const RUNNING = 1
const POLICIES = 2
const BLOCKS = 3
const MAKERS = 4
const POINTS = 5
const POINT_COUNT = 6
const SHARES = 7
const COMMISSIONS = 8
const OWED = 9
const TERMS = 10
const DAY_MS = 86_400_000n
const SCALE = 10n ** 18n
const NOTHING = Buffer.alloc(0)
const NOBODY = '00'.repeat(20)

/** One vote as the election has it. */
export interface Vote {
  readonly id: HexText
  readonly delegate: HexText
  readonly weight: bigint
  readonly endsAt: bigint
}

interface Former {
  readonly delegate: HexText
  readonly weight: bigint
  readonly term: number
  readonly cursor: number
}

interface Share {
  readonly owner: HexText
  readonly delegate: HexText
  readonly weight: bigint
  readonly since: bigint
  readonly endsAt: bigint
  readonly cursor: number
  readonly former: Former
}

interface Term {
  readonly number: number
  readonly startedAt: bigint
  readonly endsAt: bigint
  readonly genesisAt: bigint
}

const NO_FORMER: Former = { delegate: NOBODY, weight: 0n, term: 0, cursor: 0 }
const refuse = (error: number): Refusal => ({ contract: 4, error })
const day = (timeMs: bigint): bigint => timeMs / DAY_MS

/**
 * Rewards by brute force: at the end of a term every vote that took part in it gets its part added up on a list, vote by vote.
 * What the contract finds with its running index must be the same amount. Only numbers in state are kept as the contract keeps them.
 */
export class Rewards {
  /** Weight × what a unit of weight received, over all terms not yet claimed; times SCALE. */
  private readonly earned = new Map<HexText, bigint>()
  private taking = new Map<HexText, Vote[]>()
  private bps = new Map<HexText, bigint>()
  private made = new Map<HexText, bigint>()
  private term: Term | undefined
  private blockReward = 0n
  private readonly rules: { readonly blockReward: bigint; readonly halvingSeconds: bigint }

  constructor(rules: { readonly blockReward: bigint; readonly halvingSeconds: bigint }) {
    this.rules = rules
  }

  countBlock(book: Book, producer: HexText): void {
    const before = this.made.get(producer) ?? 0n
    this.made.set(producer, before + 1n)
    book.add(REWARD, BLOCKS, fromHex(producer), 1n)
    if (before === 0n) book.set(REWARD, MAKERS, NOTHING, lengthed(Buffer.concat([...this.made.keys()].map(fromHex))))
  }

  /** Every vote with the delegates that may produce: who shares in the term that begins, and by what. */
  open(
    book: Book,
    term: Term,
    given: { delegates: readonly { address: HexText; bps: number }[]; votes: Vote[] },
  ): void {
    this.term = term
    let halvings = (term.startedAt - term.genesisAt) / (this.rules.halvingSeconds * 1000n)
    this.blockReward = this.rules.blockReward
    for (; halvings > 0n && this.blockReward > 0n; halvings -= 1n) this.blockReward /= 2n
    const times = [term.startedAt, term.endsAt, term.genesisAt].map((time) => uint(time, 8))
    book.set(REWARD, RUNNING, NOTHING, Buffer.concat([uint(term.number, 4), ...times, uint(this.blockReward, 32)]))
    this.taking = new Map()
    this.bps = new Map()
    for (const { address, bps } of given.delegates) {
      const votes = given.votes.filter(({ delegate, endsAt }) => delegate === address && day(endsAt) > day(term.endsAt))
      this.taking.set(address, votes)
      this.bps.set(address, BigInt(bps))
      const sum = votes.reduce((total, { weight }) => total + weight, 0n)
      const policy = [uint(term.number, 4), uint(bps, 4), uint(sum, 32)]
      book.set(REWARD, POLICIES, fromHex(address), Buffer.concat(policy))
    }
  }

  close(book: Book, timeMs: bigint): void {
    const { term } = this
    if (term === undefined) throw new Error('no term runs')
    const total = [...this.made.values()].reduce((sum, count) => sum + count, 0n)
    const fees = balanceOf(book, TREASURY)
    const minted = total * this.blockReward
    credit(book, TREASURY, -fees)
    credit(book, REWARD, fees + minted)
    issueMore(book, minted)
    const income = balanceOf(book, REWARD) - book.count(REWARD, OWED, NOTHING)
    let shared = 0n
    for (const [producer, count] of this.made) {
      shared += this.share(book, producer, { count, income: (income * count) / total })
      book.set(REWARD, BLOCKS, fromHex(producer), undefined)
    }
    this.made = new Map()
    book.set(REWARD, MAKERS, NOTHING, undefined)
    book.add(REWARD, OWED, NOTHING, shared)
    const amounts = [fees, minted, income, shared].map((amount) => uint(amount, 32))
    book.set(
      REWARD,
      TERMS,
      uint(term.number, 4),
      Buffer.concat([uint(term.startedAt, 8), uint(timeMs, 8), uint(total, 4), ...amounts]),
    )
  }

  private share(book: Book, delegate: HexText, part: { count: bigint; income: bigint }): bigint {
    const { term } = this
    const bps = this.bps.get(delegate)
    if (term === undefined || bps === undefined) return 0n
    const { count, income } = part
    const votes = this.taking.get(delegate) ?? []
    const weight = votes.reduce((sum, one) => sum + one.weight, 0n)
    const commission = (income * bps) / 10_000n
    const rest = votes.length === 0 ? 0n : income - commission
    const each = votes.length === 0 ? 0n : (rest * SCALE) / weight
    for (const vote of votes) this.earned.set(vote.id, (this.earned.get(vote.id) ?? 0n) + vote.weight * each)
    const number = pointsOf(book, delegate) + 1
    const before = number === 1 ? 0n : pointOf(book, delegate, number - 1).index
    const head = [uint(term.number, 4), uint(term.startedAt, 8), uint(day(term.endsAt), 4), uint(count, 4)]
    const amounts = [income, commission, weight, before + each].map((amount) => uint(amount, 32))
    book.set(REWARD, POINTS, pointKey(delegate, number), Buffer.concat([...head, ...amounts]))
    book.set(REWARD, POINT_COUNT, fromHex(delegate), uint(number, 32))
    book.add(REWARD, COMMISSIONS, fromHex(delegate), commission)
    return commission + rest
  }

  join(call: Call, vote: Vote & { readonly owner: HexText }): void {
    const { book, timeMs: since } = call
    const { id, owner, delegate, weight, endsAt } = vote
    const cursor = pointsOf(book, delegate)
    writeShare(book, id, { owner, delegate, weight, since, endsAt, cursor, former: NO_FORMER })
  }

  /** Pays and replaces; a weight of zero ends the vote. */
  change(call: Call, vote: Vote): void {
    const { book, timeMs } = call
    const paid = this.pay(call, vote.id)
    const former = this.takesPart(paid)
      ? {
          delegate: paid.delegate,
          weight: paid.weight,
          term: this.term?.number ?? 0,
          cursor: pointsOf(book, paid.delegate),
        }
      : paid.former
    const { delegate, weight, endsAt } = vote
    const cursor = pointsOf(book, delegate)
    writeShare(book, vote.id, { owner: paid.owner, delegate, weight, since: timeMs, endsAt, cursor, former })
  }

  /** REWARD-SHARE-1: there when the term began, locked beyond the day it is to end. Whether the delegate was elected is another matter. */
  private takesPart({ weight, since, endsAt }: Share): boolean {
    const { term } = this
    return term !== undefined && weight > 0n && since <= term.startedAt && day(endsAt) > day(term.endsAt)
  }

  private pay(call: Call, id: HexText): Share {
    const { book } = call
    const share = shareOf(book, id)
    if (share === undefined) throw new Error(`vote ${id} has no share`)
    const amount = (this.earned.get(id) ?? 0n) / SCALE
    this.earned.delete(id)
    if (amount > 0n) {
      payOut(call, share.owner, amount)
      const who = [fromHex(id), fromHex(share.owner), fromHex(share.delegate), uint(amount, 32)]
      call.events.push({ contract: REWARD, number: 3, data: Buffer.concat(who) })
    }
    const former = share.former.term < (this.term?.number ?? 0) ? NO_FORMER : share.former
    return { ...share, cursor: settledUpTo(book, share), former }
  }

  claim(call: Call, args: Cursor): Refusal | undefined {
    const id = args.hex(32)
    args.end()
    const share = shareOf(call.book, id)
    if (share === undefined) return refuse(1)
    if (share.owner !== call.from) return refuse(2)
    if ((this.earned.get(id) ?? 0n) / SCALE === 0n) return refuse(3)
    writeShare(call.book, id, this.pay(call, id))
    return undefined
  }

  claimCommission(call: Call, args: Cursor): Refusal | undefined {
    args.end()
    const { book, from } = call
    const amount = book.count(REWARD, COMMISSIONS, fromHex(from))
    if (amount === 0n) return refuse(3)
    book.set(REWARD, COMMISSIONS, fromHex(from), undefined)
    payOut(call, from, amount)
    call.events.push({ contract: REWARD, number: 4, data: Buffer.concat([fromHex(from), uint(amount, 32)]) })
    return undefined
  }

  /** What is owed is there, and covers everything that can be claimed. */
  fault(book: Book): string | undefined {
    const held = book.count(REWARD, OWED, NOTHING)
    if (balanceOf(book, REWARD) < held) return `${balanceOf(book, REWARD)} held of ${held} owed`
    let claims = 0n
    for (const raw of this.earned.values()) claims += raw / SCALE
    for (const { value } of book.entries(REWARD, COMMISSIONS)) claims += BigInt(`0x${toHex(value)}`)
    return claims > held ? `claims of ${claims}, ${held} owed` : undefined
  }
}

function credit(book: Book, account: HexText, amount: bigint): void {
  book.add(TOKEN, 1, Buffer.concat([fromHex(account), text('ELF')]), amount)
}

/** The new amount shows in the supply. */
function issueMore(book: Book, amount: bigint): void {
  if (amount === 0n) return
  const input = new Cursor(book.get(TOKEN, 3, text('ELF')) ?? NOTHING)
  const [name, supply, creator, burnable] = [input.text(), input.uint(32), input.take(20), input.take(1)]
  book.set(TOKEN, 3, text('ELF'), Buffer.concat([text(name), uint(supply + amount, 32), creator, burnable]))
}

function payOut(call: Call, to: HexText, amount: bigint): void {
  call.book.add(REWARD, OWED, NOTHING, -amount)
  move(call, REWARD, to, 'ELF', amount)
}

const pointKey = (delegate: HexText, number: number): Buffer => Buffer.concat([fromHex(delegate), uint(number, 4)])
const pointsOf = (book: Book, delegate: HexText): number => Number(book.count(REWARD, POINT_COUNT, fromHex(delegate)))

function pointOf(book: Book, delegate: HexText, number: number) {
  const input = new Cursor(book.get(REWARD, POINTS, pointKey(delegate, number)) ?? NOTHING)
  const [term, startedAt, endDay] = [input.int(4), input.uint(8), input.uint(4)]
  input.take(4 + 3 * 32)
  return { term, startedAt, endDay, index: input.uint(32) }
}

/** The last of the points in a row that a vote is through with. */
function settledUpTo(book: Book, { delegate, cursor, since, endsAt }: Share): number {
  let at = cursor
  while (at < pointsOf(book, delegate)) {
    const { startedAt, endDay } = pointOf(book, delegate, at + 1)
    if (startedAt >= since && endDay >= day(endsAt)) break
    at += 1
  }
  return at
}

function shareOf(book: Book, id: HexText): Share | undefined {
  const value = book.get(REWARD, SHARES, fromHex(id))
  if (value === undefined) return undefined
  const input = new Cursor(value)
  const [owner, delegate, weight] = [input.hex(20), input.hex(20), input.uint(32)]
  const [since, endsAt, cursor] = [input.uint(8), input.uint(8), input.int(4)]
  const former = { delegate: input.hex(20), weight: input.uint(32), term: input.int(4), cursor: input.int(4) }
  return { owner, delegate, weight, since, endsAt, cursor, former }
}

function writeShare(book: Book, id: HexText, share: Share): void {
  const { owner, delegate, weight, since, endsAt, cursor, former } = share
  if (weight === 0n && former.weight === 0n) return book.set(REWARD, SHARES, fromHex(id), undefined)
  const now = [fromHex(owner), fromHex(delegate), uint(weight, 32), uint(since, 8), uint(endsAt, 8), uint(cursor, 4)]
  const then = [fromHex(former.delegate), uint(former.weight, 32), uint(former.term, 4), uint(former.cursor, 4)]
  book.set(REWARD, SHARES, fromHex(id), Buffer.concat([...now, ...then]))
}
