import { readSignedHeader } from './blocks.ts'
import { type Book, ELECTION } from './book.ts'
import { Cursor, fromHex, type HexText, lengthed, tagged, text, toHex, uint } from './bytes.ts'
import {
  ACCOUNT_POSITIONS,
  CANDIDATE_LIST,
  CANDIDATES,
  candidateList,
  candidateOf,
  currentProducers,
  DAY_MS,
  DEPOSIT,
  dayOf,
  depositLock,
  type ElectionRules,
  EVICTED,
  EXPIRING,
  emit,
  INITIAL,
  isSwept,
  listOf,
  NO_COMMITMENT,
  NOTHING,
  openTerm,
  POSITIONS,
  type Position,
  packProducers,
  positionOf,
  produces,
  REGISTRATIONS,
  readProducers,
  refuse,
  registered,
  SWEPT,
  sweptDay,
  TERM_RESULT,
  termOf,
  VOTE_MIN,
  VOTES,
  weigh,
  weight,
  writeCandidate,
  writeList,
  writePosition,
  writePositionList,
  writeTerm,
  YEAR_MS,
} from './electionState.ts'
import type { Producer } from './rounds.ts'
import { balanceOf, type Call, lockOf, place, type Refusal, release, slash, writeLock } from './token.ts'

export type { ElectionRules } from './electionState.ts'
export { producersHash } from './electionState.ts'

function enter(
  call: Call,
  delegate: HexText,
  given: { name: string; url: string; commitment: HexText; bps: number },
): void {
  const { book } = call
  place(call, depositLock(delegate), { owner: delegate, symbol: 'ELF', amount: DEPOSIT, endsAt: 0n, holder: ELECTION })
  book.add(ELECTION, REGISTRATIONS, NOTHING, 1n)
  const sequence = Number(book.count(ELECTION, REGISTRATIONS, NOTHING))
  writeCandidate(book, delegate, { ...given, sequence, deposit: DEPOSIT, quitTerm: 0 })
  writeList(book, CANDIDATE_LIST, NOTHING, [...candidateList(book), delegate])
  if (sweptDay(book, delegate) === undefined) book.set(ELECTION, SWEPT, fromHex(delegate), uint(dayOf(call.timeMs), 4))
  emit(
    call,
    1,
    fromHex(delegate),
    text(given.name),
    text(given.url),
    fromHex(given.commitment),
    uint(given.bps, 4),
    uint(DEPOSIT, 32),
  )
}

type Method = (call: Call, args: Cursor, rules: ElectionRules) => Refusal | { readonly evicted: HexText } | undefined

function profileFault({ name, url, bps }: { name: string; url: string; bps: number }): Refusal | undefined {
  if (name.trim() === '' || name.length > 64) return refuse(6)
  if (url !== '' && (url.length > 256 || !/^https:\/\/[\x21-\x7e]+$/.test(url))) return refuse(7)
  return bps > 10_000 ? refuse(8) : undefined
}

const register: Method = (call, args) => {
  const given = { name: args.text(), url: args.text(), commitment: args.hex(32), bps: args.int(4) }
  args.end()
  const { book, from } = call
  const wrong = profileFault(given)
  if (wrong !== undefined) return wrong
  if (given.commitment === NO_COMMITMENT) return refuse(9)
  if (book.get(ELECTION, EVICTED, fromHex(from)) !== undefined) return refuse(5)
  if (candidateOf(book, from) !== undefined) return refuse(1)
  if (candidateList(book).length >= 1024) return refuse(3)
  if (balanceOf(book, from) < DEPOSIT) return refuse(4)
  enter(call, from, given)
  return undefined
}

const updateProfile: Method = (call, args) => {
  const given = { name: args.text(), url: args.text(), bps: args.int(4) }
  args.end()
  const wrong = profileFault(given)
  if (wrong !== undefined) return wrong
  const found = registered(call.book, call.from)
  if (found === undefined) return refuse(2)
  writeCandidate(call.book, call.from, { ...found, ...given })
  emit(call, 2, fromHex(call.from), text(given.name), text(given.url), uint(given.bps, 4))
  return undefined
}

const renewCommitment: Method = (call, args) => {
  const commitment = args.hex(32)
  args.end()
  if (commitment === NO_COMMITMENT) return refuse(9)
  const found = registered(call.book, call.from)
  if (found === undefined) return refuse(2)
  writeCandidate(call.book, call.from, { ...found, commitment })
  emit(call, 3, fromHex(call.from), fromHex(commitment))
  return undefined
}

const quit: Method = (call, args) => {
  args.end()
  const { book, from } = call
  const found = registered(book, from)
  if (found === undefined) return refuse(2)
  if (produces(book, from)) return refuse(10)
  const { term } = termOf(book)
  writeCandidate(book, from, { ...found, quitTerm: term })
  writeList(
    book,
    CANDIDATE_LIST,
    NOTHING,
    candidateList(book).filter((other) => other !== from),
  )
  emit(call, 4, fromHex(from), uint(term, 4))
  return undefined
}

const reclaimDeposit: Method = (call, args) => {
  args.end()
  const { book, from } = call
  const found = candidateOf(book, from)
  if (found === undefined) return refuse(2)
  if (found.quitTerm === 0 || termOf(book).term <= found.quitTerm) return refuse(11)
  release(call, depositLock(from))
  book.set(ELECTION, CANDIDATES, fromHex(from), undefined)
  emit(call, 5, fromHex(from), uint(found.deposit, 32))
  return undefined
}

function addPosition(
  call: Call,
  owner: HexText,
  given: { delegate: HexText; amount: bigint; days: number },
  { rewards }: ElectionRules,
): void {
  const { book, id, timeMs } = call
  const endsAt = timeMs + BigInt(given.days) * DAY_MS
  const position: Position = { owner, ...given, weight: weigh(given.amount, given.days), startedAt: timeMs, endsAt }
  place(call, id, { owner, symbol: 'ELF', amount: given.amount, endsAt, holder: ELECTION })
  writePosition(book, id, position)
  writePositionList(book, owner, [...listOf(book, ACCOUNT_POSITIONS, fromHex(owner), 32), id])
  weight(book, position, 1n)
  rewards.join(call, { id, ...position })
  const numbers = [uint(given.amount, 32), uint(given.days, 4), uint(position.weight, 32), uint(endsAt, 8)]
  emit(call, 6, fromHex(id), fromHex(owner), fromHex(given.delegate), ...numbers)
}

const vote: Method = (call, args, rules) => {
  const given = { delegate: args.hex(20), amount: args.uint(32), days: args.int(4) }
  args.end()
  const { book, from } = call
  if (given.amount < VOTE_MIN) return refuse(12)
  if (given.days < 90 || given.days > 1080) return refuse(13)
  if (registered(book, given.delegate) === undefined) return refuse(2)
  if (listOf(book, ACCOUNT_POSITIONS, fromHex(from), 32).length >= 256) return refuse(15)
  if (balanceOf(book, from) < given.amount) return refuse(14)
  addPosition(call, from, given, rules)
  return undefined
}

const changeVote: Method = (call, args, { rewards }) => {
  const [id, delegate] = [args.hex(32), args.hex(20)]
  args.end()
  const { book } = call
  const found = positionOf(book, id)
  if (found === undefined) return refuse(16)
  if (found.owner !== call.from) return refuse(17)
  if (found.delegate === delegate) return refuse(18)
  if (dayOf(found.endsAt) <= dayOf(call.timeMs)) return refuse(19)
  if (registered(book, delegate) === undefined) return refuse(2)
  weight(book, found, -1n)
  const moved = { ...found, delegate }
  weight(book, moved, 1n)
  writePosition(book, id, moved)
  rewards.change(call, { id, ...moved })
  emit(call, 7, fromHex(id), fromHex(found.owner), fromHex(delegate), fromHex(found.delegate), uint(found.weight, 32))
  return undefined
}

const extend: Method = (call, args, { rewards }) => {
  const [id, days] = [args.hex(32), args.int(4)]
  args.end()
  const { book, timeMs } = call
  if (days < 90 || days > 1080) return refuse(13)
  const found = positionOf(book, id)
  if (found === undefined) return refuse(16)
  if (found.owner !== call.from) return refuse(17)
  const endsAt = timeMs + BigInt(days) * DAY_MS
  if (endsAt <= found.endsAt) return refuse(20)
  const heavier = weigh(found.amount, days)
  if (heavier < found.weight) return refuse(21)
  if (registered(book, found.delegate) === undefined) return refuse(2)
  const longer = { ...found, days, weight: heavier, endsAt }
  if (!isSwept(book, found)) weight(book, found, -1n)
  weight(book, longer, 1n)
  writePosition(book, id, longer)
  const held = lockOf(book, id)
  if (held === undefined) throw new Error(`position ${id} without a lock`)
  writeLock(book, id, { ...held, endsAt })
  rewards.change(call, { id, ...longer })
  const numbers = [uint(days, 4), uint(heavier, 32), uint(endsAt, 8)]
  emit(call, 8, fromHex(id), fromHex(found.owner), fromHex(found.delegate), ...numbers)
  return undefined
}

const withdraw: Method = (call, args, { rewards }) => {
  const id = args.hex(32)
  args.end()
  const { book, timeMs } = call
  const found = positionOf(book, id)
  if (found === undefined) return refuse(16)
  if (found.owner !== call.from) return refuse(17)
  if (found.endsAt > timeMs) return refuse(22)
  if (!isSwept(book, found)) weight(book, found, -1n)
  book.set(ELECTION, POSITIONS, fromHex(id), undefined)
  writePositionList(
    book,
    found.owner,
    listOf(book, ACCOUNT_POSITIONS, fromHex(found.owner), 32).filter((other) => other !== id),
  )
  release(call, id)
  rewards.change(call, { id, ...found, weight: 0n })
  emit(call, 9, fromHex(id), fromHex(found.owner), fromHex(found.delegate), uint(found.amount, 32))
  return undefined
}

const reportDoubleMining: Method = (call, args, rules) => {
  const [first, second] = [readSignedHeader(args.lengthed()), readSignedHeader(args.lengthed())]
  args.end()
  const { book, from } = call
  const foreign = ({ chainId, extension }: typeof first): boolean =>
    chainId !== rules.chainId || toHex(extension) !== rules.genesisHash
  if (foreign(first) || foreign(second)) return refuse(24)
  if (first.producer !== second.producer || first.slot !== second.slot || first.hash === second.hash) return refuse(25)
  if (!rules.signed(first.hash) || !rules.signed(second.hash)) return refuse(26)
  const delegate = first.producer
  if (book.get(ELECTION, EVICTED, fromHex(delegate)) !== undefined) return refuse(5)
  const found = candidateOf(book, delegate)
  if (found === undefined && !produces(book, delegate)) return refuse(2)
  const reward = (found?.deposit ?? 0n) / 2n
  const burned = (found?.deposit ?? 0n) - reward
  if (found !== undefined) {
    slash(call, depositLock(delegate), reward)
    book.set(ELECTION, CANDIDATES, fromHex(delegate), undefined)
    writeList(
      book,
      CANDIDATE_LIST,
      NOTHING,
      candidateList(book).filter((other) => other !== delegate),
    )
  }
  book.set(ELECTION, EVICTED, fromHex(delegate), Buffer.concat([uint(call.height, 8), fromHex(from)]))
  emit(call, 10, fromHex(delegate), uint(first.slot, 8), fromHex(from), uint(reward, 32), uint(burned, 32))
  return { evicted: delegate }
}

export const electionMethods: Readonly<Record<number, Method>> = {
  1: register,
  2: updateProfile,
  3: renewCommitment,
  4: quit,
  5: reclaimDeposit,
  6: vote,
  7: changeVote,
  8: extend,
  9: withdraw,
  10: reportDoubleMining,
}

/** First state: producers, candidates with their deposits, votes. */
export function openElection(
  call: Call,
  given: {
    readonly rules: ElectionRules
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
  },
): void {
  const { book, timeMs } = call
  const packed = lengthed(packProducers(given.producers))
  book.set(ELECTION, INITIAL, NOTHING, packed)
  book.set(ELECTION, TERM_RESULT, NOTHING, Buffer.concat([uint(1, 4), packed]))
  writeTerm(book, { term: 1, startedAt: timeMs, endsAt: timeMs + given.rules.termSeconds * 1000n, genesisAt: timeMs })
  for (const { address, ...profile } of given.candidates) enter(call, address, profile)
  given.votes.forEach(({ voter, ...position }, index) => {
    const id = toHex(tagged('aelf/genesis-vote/1', Buffer.from(String(index))))
    addPosition({ ...call, id, from: voter }, voter, position, given.rules)
  })
  openTerm(book, given.rules.rewards, given.producers)
}

/** ELECTION term end: the list elected by a block at a time, or nothing. */
export function endTerm(book: Book, timeMs: bigint, rules: ElectionRules): readonly Producer[] | undefined {
  const now = termOf(book)
  if (timeMs < now.endsAt) return undefined
  rules.rewards.close(book, timeMs)
  const former = currentProducers(book)
  const today = dayOf(timeMs)
  const list = candidateList(book)
  for (const delegate of list) {
    const last = sweptDay(book, delegate) ?? today
    for (const { key, value } of book.entries(ELECTION, EXPIRING)) {
      const day = Number(`0x${toHex(key.subarray(20))}`)
      if (toHex(key.subarray(0, 20)) !== delegate || day <= last || day > today) continue
      book.add(ELECTION, VOTES, fromHex(delegate), -BigInt(`0x${toHex(value)}`))
      book.set(ELECTION, EXPIRING, key, undefined)
    }
    book.set(ELECTION, SWEPT, fromHex(delegate), uint(today, 4))
  }
  const seats = Number(2n * (rules.firstN + (timeMs - now.genesisAt) / YEAR_MS) + 1n)
  const elected = elect(book, list, seats)
  const length = rules.termSeconds * 1000n
  const passed = (timeMs - now.genesisAt) / length
  writeTerm(book, {
    term: now.term + 1,
    startedAt: timeMs,
    endsAt: now.genesisAt + (passed + 1n) * length,
    genesisAt: now.genesisAt,
  })
  book.set(ELECTION, TERM_RESULT, NOTHING, Buffer.concat([uint(now.term + 1, 4), lengthed(packProducers(elected))]))
  openTerm(book, rules.rewards, [...elected, ...former])
  return elected
}

function elect(book: Book, list: readonly HexText[], seats: number): readonly Producer[] {
  const ranked = list
    .map((address) => ({
      address,
      votes: book.count(ELECTION, VOTES, fromHex(address)),
      candidate: candidateOf(book, address),
    }))
    .sort((a, b) =>
      a.votes === b.votes ? (a.candidate?.sequence ?? 0) - (b.candidate?.sequence ?? 0) : a.votes > b.votes ? -1 : 1,
    )
    .map(({ address, candidate }): Producer => ({ address, commitment: candidate?.commitment ?? '' }))
  const initial = readProducers(new Cursor(book.get(ELECTION, INITIAL, NOTHING) ?? NOTHING).lengthed())
  const mayFill = ({ address }: Producer): boolean =>
    book.get(ELECTION, EVICTED, fromHex(address)) === undefined && (candidateOf(book, address)?.quitTerm ?? 0) === 0
  const chosen = new Map<HexText, Producer>()
  for (const one of [...ranked, ...[...currentProducers(book), ...initial].filter(mayFill)]) {
    if (chosen.size < seats && !chosen.has(one.address)) chosen.set(one.address, one)
  }
  return chosen.size === 0 ? currentProducers(book) : [...chosen.values()]
}

/** Votes of every delegate against the positions behind them, and every position against its lock. */
export function votesFault(book: Book): string | undefined {
  const expected = new Map<string, bigint>()
  for (const { key } of book.entries(ELECTION, POSITIONS)) {
    const id = toHex(key)
    const found = positionOf(book, id)
    const held = lockOf(book, id)
    if (found === undefined || held?.amount !== found.amount || held.owner !== found.owner)
      return `position ${id} does not match its lock`
    if (found.weight !== weigh(found.amount, found.days)) return `position ${id} has another weight`
    if (!isSwept(book, found)) expected.set(found.delegate, (expected.get(found.delegate) ?? 0n) + found.weight)
  }
  for (const { key, value } of book.entries(ELECTION, VOTES)) {
    const delegate = toHex(key)
    if (expected.get(delegate) !== BigInt(`0x${toHex(value)}`))
      return `votes of ${delegate} are not those of its positions`
    expected.delete(delegate)
  }
  return expected.size === 0 ? undefined : `positions count for ${[...expected.keys()].join()} without votes`
}
