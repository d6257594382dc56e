import { type Book, FOUNDATION } from './book.ts'
import { type Cursor, fromHex, type HexText, lengthed, tagged, toHex, uint } from './bytes.ts'
import type { Call, Refusal } from './token.ts'

const MEMBERS = 1
const CHANGES = 2
const OPEN = 3
const NOTHING = Buffer.alloc(0)
const NOBODY = '00'.repeat(20)

interface Change {
  readonly kind: number
  readonly member: HexText
  readonly threshold: number
  readonly opener: HexText
  readonly endsAt: bigint
  readonly voters: readonly HexText[]
}

export interface FoundationRules {
  readonly members: readonly HexText[]
  readonly memberThreshold: number
  readonly changeSeconds: bigint
}

const refuse = (error: number): Refusal => ({ contract: 6, error })

/** The foundation kept as plain lists in memory; what the contract has in state must come out the same, byte for byte. */
export class Foundation {
  private members: HexText[]
  private threshold: number
  private changes: Change[] = []
  private readonly rules: FoundationRules

  constructor(rules: FoundationRules) {
    this.rules = rules
    this.members = [...rules.members]
    this.threshold = rules.memberThreshold
  }

  open(book: Book): void {
    this.store(book)
  }

  has(account: HexText): boolean {
    return this.members.includes(account)
  }

  addMember(call: Call, args: Cursor): Refusal | undefined {
    const member = args.hex(20)
    args.end()
    if (!this.has(call.from)) return refuse(1)
    if (member === NOBODY) return refuse(2)
    if (this.has(member)) return refuse(3)
    if (this.members.length >= 64) return refuse(4)
    return this.vote(call, { kind: 1, member, threshold: 0 })
  }

  removeMember(call: Call, args: Cursor): Refusal | undefined {
    const member = args.hex(20)
    args.end()
    if (!this.has(call.from)) return refuse(1)
    if (!this.has(member)) return refuse(5)
    if (this.members.length - 1 < this.threshold) return refuse(6)
    return this.vote(call, { kind: 2, member, threshold: 0 })
  }

  setThreshold(call: Call, args: Cursor): Refusal | undefined {
    const threshold = args.int(4)
    args.end()
    if (!this.has(call.from)) return refuse(1)
    if (threshold < 1 || threshold > this.members.length || threshold === this.threshold) return refuse(7)
    return this.vote(call, { kind: 3, member: NOBODY, threshold })
  }

  private vote(call: Call, wanted: Pick<Change, 'kind' | 'member' | 'threshold'>): Refusal | undefined {
    const { from, timeMs, book } = call
    const id = idOf(wanted)
    const running = this.changes.filter(({ endsAt }) => endsAt > timeMs)
    const known = running.find((change) => idOf(change) === id)
    if (known?.voters.includes(from)) return refuse(8)
    if (known === undefined && running.some(({ opener }) => opener === from)) return refuse(9)
    if (known === undefined && running.length >= 64) return refuse(10)
    const voters = [...(known?.voters ?? []), from].filter((voter) => this.has(voter))
    const endsAt = known?.endsAt ?? timeMs + this.rules.changeSeconds * 1000n
    const before = this.changes
    this.changes = running.filter((change) => idOf(change) !== id)
    const said = [uint(wanted.kind, 1), fromHex(wanted.member), uint(wanted.threshold, 4)]
    emit(call, 1, fromHex(id), fromHex(from), ...said, uint(voters.length, 4), uint(endsAt, 8))
    if (voters.length < this.threshold) this.changes.push({ ...wanted, opener: known?.opener ?? from, endsAt, voters })
    else this.apply(call, wanted)
    for (const change of before) book.set(FOUNDATION, CHANGES, fromHex(idOf(change)), undefined)
    this.store(book)
    return undefined
  }

  private apply(call: Call, { kind, member, threshold }: Pick<Change, 'kind' | 'member' | 'threshold'>): void {
    if (kind === 3) {
      this.threshold = threshold
      emit(call, 4, uint(threshold, 4))
      return
    }
    this.members = kind === 1 ? [...this.members, member] : this.members.filter((other) => other !== member)
    emit(call, kind + 1, fromHex(member), uint(this.members.length, 4))
  }

  private store(book: Book): void {
    const list = lengthed(Buffer.concat(this.members.map(fromHex)))
    book.set(FOUNDATION, MEMBERS, NOTHING, Buffer.concat([list, uint(this.threshold, 4)]))
    for (const change of this.changes) {
      const { kind, member, threshold, opener, endsAt, voters } = change
      const value = [uint(kind, 1), fromHex(member), uint(threshold, 4), fromHex(opener), uint(endsAt, 8)]
      const packed = lengthed(Buffer.concat(voters.map(fromHex)))
      book.set(FOUNDATION, CHANGES, fromHex(idOf(change)), Buffer.concat([...value, packed]))
    }
    const ids = this.changes.map((change) => fromHex(idOf(change)))
    book.set(FOUNDATION, OPEN, NOTHING, ids.length === 0 ? undefined : lengthed(Buffer.concat(ids)))
  }
}

const idOf = ({ kind, member, threshold }: Pick<Change, 'kind' | 'member' | 'threshold'>): HexText =>
  toHex(tagged('aelf/foundation-change/1', uint(kind, 1), fromHex(member), uint(threshold, 4)))

function emit(call: Call, number: number, ...data: Buffer[]): void {
  call.events.push({ contract: FOUNDATION, number, data: Buffer.concat(data) })
}
