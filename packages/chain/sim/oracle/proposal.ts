import { type Book, ELECTION, PROPOSAL, TREASURY } from './book.ts'
import { type Cursor, fromHex, type HexText, lengthed, text, uint } from './bytes.ts'
import { currentProducers, EVICTED, registered } from './electionState.ts'
import { balanceOf, type Call, move, place, type Refusal, release } from './token.ts'

const NOTHING = Buffer.alloc(0)
const NO_HASH = '00'.repeat(32)
const DEPOSIT = 100_000_000_000n
const OPEN_MAX = 3
const OPEN = 1
const [APPROVED, REJECTED, WITHDRAWN, EXPIRED] = [2, 3, 4, 5]

interface Proposal {
  readonly id: HexText
  readonly author: HexText
  readonly title: string
  readonly textHash: HexText
  readonly archiveHash: HexText
  readonly archiveBytes: bigint
  readonly bundleHash: HexText
  readonly submittedAt: bigint
  readonly endsAt: bigint
  readonly electorate: readonly HexText[]
  readonly number: number
  readonly choices: Map<HexText, number>
  readonly reviewers: HexText[]
  status: number
  closedAt: bigint
}

const refuse = (error: number): Refusal => ({ contract: 7, error })

/** Proposals as a list in memory: who chose what is kept by name and counted anew each time. */
export class Proposals {
  private readonly all: Proposal[] = []
  private readonly rules: { readonly periodSeconds: bigint; isMember(account: HexText): boolean }

  constructor(rules: { readonly periodSeconds: bigint; isMember(account: HexText): boolean }) {
    this.rules = rules
  }

  submit(call: Call, args: Cursor): Refusal | undefined {
    const given = {
      title: args.text(),
      textHash: args.hex(32),
      archiveHash: args.hex(32),
      archiveBytes: args.uint(8),
      bundleHash: args.hex(32),
    }
    args.end()
    const { book, from, id, timeMs } = call
    if (!this.rules.isMember(from)) return refuse(1)
    if (given.title.trim() === '' || given.title.length > 100) return refuse(2)
    if (given.textHash === NO_HASH || given.archiveHash === NO_HASH) return refuse(3)
    if (given.archiveBytes === 0n || given.archiveBytes > 10_485_760n) return refuse(4)
    if (this.openOf(from).length >= OPEN_MAX) return refuse(5)
    const evicted = (account: HexText): boolean => book.get(ELECTION, EVICTED, fromHex(account)) !== undefined
    const electorate = currentProducers(book)
      .map(({ address }) => address)
      .filter((account) => !evicted(account))
      .slice(0, 101)
    if (electorate.length === 0) return refuse(7)
    if (balanceOf(book, from) < DEPOSIT) return refuse(6)
    place(call, id, { owner: from, symbol: 'ELF', amount: DEPOSIT, endsAt: 0n, holder: PROPOSAL })
    const endsAt = timeMs + this.rules.periodSeconds * 1000n
    const number = this.all.length + 1
    const start = { status: OPEN, closedAt: 0n, choices: new Map<HexText, number>(), reviewers: [] }
    const proposal: Proposal = { id, author: from, ...given, submittedAt: timeMs, endsAt, electorate, number, ...start }
    this.all.push(proposal)
    book.set(PROPOSAL, 7, uint(number, 4), fromHex(id))
    book.set(PROPOSAL, 8, NOTHING, uint(number, 32))
    book.set(PROPOSAL, 2, fromHex(id), lengthed(Buffer.concat(electorate.map(fromHex))))
    this.store(book, proposal)
    const sizes = [uint(electorate.length, 4), uint(quorum(proposal), 4), uint(endsAt, 8), uint(DEPOSIT, 32)]
    emit(call, 1, fromHex(id), fromHex(from), ...content(proposal), ...sizes)
    return undefined
  }

  choose(call: Call, args: Cursor, choice: 1 | 2): Refusal | undefined {
    const [id, textHash, archiveHash] = [args.hex(32), args.hex(32), args.hex(32)]
    args.end()
    const found = this.running(call, id)
    if ('error' in found) return found
    if (!found.electorate.includes(call.from)) return refuse(13)
    if (found.textHash !== textHash) return refuse(14)
    if (found.archiveHash !== archiveHash) return refuse(15)
    if (found.choices.get(call.from) === choice) return refuse(16)
    found.choices.set(call.from, choice)
    const key = Buffer.concat([fromHex(id), fromHex(call.from)])
    call.book.set(PROPOSAL, 3, key, Buffer.concat([uint(choice, 1), uint(call.timeMs, 8)]))
    const [adopted, declined] = [count(found, 1), count(found, 2)]
    emit(call, 2 + choice, fromHex(id), fromHex(call.from), uint(adopted, 4), uint(declined, 4))
    if (adopted >= quorum(found)) this.close(call, found, APPROVED ?? 0)
    else if (found.electorate.length - declined < quorum(found)) this.close(call, found, REJECTED ?? 0)
    else this.store(call.book, found)
    return undefined
  }

  review(call: Call, args: Cursor): Refusal | undefined {
    const [id, archiveHash, verdict, reviewHash, checklist] = [
      args.hex(32),
      args.hex(32),
      args.int(1),
      args.hex(32),
      args.int(4),
    ] as const
    args.end()
    const { book, from } = call
    const found = this.running(call, id)
    if ('error' in found) return found
    if (registered(book, from) === undefined) return refuse(17)
    if (found.archiveHash !== archiveHash) return refuse(15)
    if (verdict < 1 || verdict > 3 || checklist > 255) return refuse(18)
    if (!found.reviewers.includes(from)) {
      if (found.reviewers.length >= 256) return refuse(19)
      found.reviewers.push(from)
      book.set(PROPOSAL, 5, fromHex(id), lengthed(Buffer.concat(found.reviewers.map(fromHex))))
    }
    const said = [uint(verdict, 1), fromHex(reviewHash), uint(checklist, 4)]
    book.set(PROPOSAL, 4, Buffer.concat([fromHex(id), fromHex(from)]), Buffer.concat([...said, uint(call.timeMs, 8)]))
    emit(call, 2, fromHex(id), fromHex(from), fromHex(archiveHash), ...said)
    return undefined
  }

  withdraw(call: Call, args: Cursor): Refusal | undefined {
    const id = args.hex(32)
    args.end()
    const found = this.running(call, id)
    if ('error' in found) return found
    if (found.author !== call.from) return refuse(9)
    this.close(call, found, WITHDRAWN ?? 0)
    return undefined
  }

  expire(call: Call, args: Cursor): Refusal | undefined {
    const id = args.hex(32)
    args.end()
    const found = this.all.find((proposal) => proposal.id === id)
    if (found === undefined) return refuse(8)
    if (found.status !== OPEN) return refuse(10)
    if (call.timeMs < found.endsAt) return refuse(12)
    this.close(call, found, EXPIRED ?? 0)
    return undefined
  }

  private openOf(author: HexText): Proposal[] {
    return this.all.filter((proposal) => proposal.author === author && proposal.status === OPEN)
  }

  private running({ timeMs }: Call, id: HexText): Proposal | Refusal {
    const found = this.all.find((proposal) => proposal.id === id)
    if (found === undefined) return refuse(8)
    if (found.status !== OPEN) return refuse(10)
    return timeMs >= found.endsAt ? refuse(11) : found
  }

  private close(call: Call, proposal: Proposal, status: number): void {
    release(call, proposal.id)
    if (status === REJECTED) move(call, proposal.author, TREASURY, 'ELF', DEPOSIT)
    proposal.status = status
    proposal.closedAt = call.timeMs
    this.store(call.book, proposal)
    const sizes = [count(proposal, 1), count(proposal, 2), proposal.electorate.length].map((size) => uint(size, 4))
    emit(call, 3 + status, fromHex(proposal.id), fromHex(proposal.author), ...sizes, uint(DEPOSIT, 32))
  }

  private store(book: Book, proposal: Proposal): void {
    const { author, status, submittedAt, endsAt, closedAt, electorate, number } = proposal
    const sizes = [electorate.length, quorum(proposal), count(proposal, 1), count(proposal, 2)]
    const value = [
      fromHex(author),
      ...content(proposal),
      uint(status, 1),
      ...[submittedAt, endsAt, closedAt].map((time) => uint(time, 8)),
      ...sizes.map((size) => uint(size, 4)),
      uint(DEPOSIT, 32),
      uint(number, 4),
    ]
    book.set(PROPOSAL, 1, fromHex(proposal.id), Buffer.concat(value))
    const ids = this.openOf(author).map(({ id }) => fromHex(id))
    book.set(PROPOSAL, 6, fromHex(author), ids.length === 0 ? undefined : lengthed(Buffer.concat(ids)))
  }
}

const content = ({ title, textHash, archiveHash, archiveBytes, bundleHash }: Proposal): Buffer[] => [
  text(title),
  fromHex(textHash),
  fromHex(archiveHash),
  uint(archiveBytes, 8),
  fromHex(bundleHash),
]

const count = ({ choices }: Proposal, wanted: number): number =>
  [...choices.values()].filter((choice) => choice === wanted).length

/** The least whole number above two thirds. */
const quorum = ({ electorate }: Proposal): number =>
  electorate.filter((_, index) => 3 * index <= 2 * electorate.length).length

function emit(call: Call, number: number, ...data: Buffer[]): void {
  call.events.push({ contract: PROPOSAL, number, data: Buffer.concat(data) })
}
