import { type Book, TOKEN, TREASURY } from './book.ts'
import { Cursor, fromHex, type HexText, text, toHex, uint } from './bytes.ts'

const BALANCES = 1
const ALLOWANCES = 2
const TOKENS = 3
const BURNED = 4
const LOCKED = 5
const LOCKS = 6
const DAY_MS = 86_400_000n

/** A refusal: contract and error number. */
export interface Refusal {
  readonly contract: number
  readonly error: number
}

export interface OracleEvent {
  readonly contract: HexText
  readonly number: number
  readonly data: Buffer
}

/** What a call runs in. */
export interface Call {
  readonly book: Book
  readonly from: HexText
  readonly id: HexText
  readonly timeMs: bigint
  readonly height: number
  readonly events: OracleEvent[]
}

export interface LockRecord {
  readonly owner: HexText
  readonly symbol: string
  readonly amount: bigint
  readonly endsAt: bigint
  readonly holder: HexText
}

const refuse = (error: number): Refusal => ({ contract: 1, error })
const who = (account: HexText, symbol: string): Buffer => Buffer.concat([fromHex(account), text(symbol)])
const address = (account: HexText): Buffer => fromHex(account)

export const balanceOf = (book: Book, account: HexText, symbol = 'ELF'): bigint =>
  book.count(TOKEN, BALANCES, who(account, symbol))

function emit(call: Call, number: number, ...data: Buffer[]): void {
  call.events.push({ contract: TOKEN, number, data: Buffer.concat(data) })
}

function pay(book: Book, account: HexText, symbol: string, amount: bigint): void {
  book.add(TOKEN, BALANCES, who(account, symbol), -amount)
}

export function move(call: Call, from: HexText, to: HexText, symbol: string, amount: bigint): void {
  pay(call.book, from, symbol, amount)
  call.book.add(TOKEN, BALANCES, who(to, symbol), amount)
  emit(call, 1, address(from), address(to), text(symbol), uint(amount, 32))
}

function destroy(call: Call, owner: HexText, symbol: string, amount: bigint): void {
  pay(call.book, owner, symbol, amount)
  call.book.add(TOKEN, BURNED, text(symbol), amount)
  emit(call, 6, address(owner), text(symbol), uint(amount, 32))
}

export function lockOf(book: Book, id: HexText): LockRecord | undefined {
  const value = book.get(TOKEN, LOCKS, fromHex(id))
  if (value === undefined) return undefined
  const input = new Cursor(value)
  return {
    owner: input.hex(20),
    symbol: input.text(),
    amount: input.uint(32),
    endsAt: input.uint(8),
    holder: input.hex(20),
  }
}

export function writeLock(book: Book, id: HexText, lock: LockRecord): void {
  const { owner, symbol, amount, endsAt, holder } = lock
  book.set(
    TOKEN,
    LOCKS,
    fromHex(id),
    Buffer.concat([address(owner), text(symbol), uint(amount, 32), uint(endsAt, 8), address(holder)]),
  )
}

export function place(call: Call, id: HexText, lock: LockRecord): void {
  const { owner, symbol, amount, endsAt, holder } = lock
  pay(call.book, owner, symbol, amount)
  call.book.add(TOKEN, LOCKED, who(owner, symbol), amount)
  writeLock(call.book, id, lock)
  emit(call, 4, fromHex(id), address(owner), text(symbol), uint(amount, 32), uint(endsAt, 8), address(holder))
}

export function release(call: Call, id: HexText): void {
  const lock = lockOf(call.book, id)
  if (lock === undefined) throw new Error(`no lock ${id}`)
  const { owner, symbol, amount } = lock
  call.book.set(TOKEN, LOCKS, fromHex(id), undefined)
  call.book.add(TOKEN, LOCKED, who(owner, symbol), -amount)
  call.book.add(TOKEN, BALANCES, who(owner, symbol), amount)
  emit(call, 5, fromHex(id), address(owner), text(symbol), uint(amount, 32))
}

export function slash(call: Call, id: HexText, reward: bigint): void {
  const lock = lockOf(call.book, id)
  if (lock === undefined) throw new Error(`no lock ${id}`)
  release(call, id)
  move(call, lock.owner, call.from, lock.symbol, reward)
  destroy(call, lock.owner, lock.symbol, lock.amount - reward)
}

/** TOKEN-FEE-1. False when the payer cannot pay. */
export function takeFee(book: Book, payer: HexText, fee: bigint): boolean {
  if (balanceOf(book, payer) < fee) return false
  pay(book, payer, 'ELF', fee)
  book.add(TOKEN, BALANCES, who(TREASURY, 'ELF'), fee)
  return true
}

export function issue(
  book: Book,
  symbol: string,
  given: { name: string; creator: HexText; balances: readonly (readonly [HexText, bigint])[] },
): void {
  const supply = given.balances.reduce((sum, [, amount]) => sum + amount, 0n)
  book.set(
    TOKEN,
    TOKENS,
    text(symbol),
    Buffer.concat([text(given.name), uint(supply, 32), address(given.creator), Buffer.from([1])]),
  )
  for (const [account, amount] of given.balances) book.add(TOKEN, BALANCES, who(account, symbol), amount)
}

type Method = (call: Call, args: Cursor) => Refusal | undefined

const transfer: Method = (call, args) => {
  const [to, symbol, amount] = [args.hex(20), args.text(), args.uint(32)]
  args.end()
  if (amount === 0n) return refuse(3)
  if (balanceOf(call.book, call.from, symbol) < amount) return refuse(1)
  move(call, call.from, to, symbol, amount)
  return undefined
}

const allowance = (owner: HexText, spender: HexText, symbol: string): Buffer =>
  Buffer.concat([address(owner), address(spender), text(symbol)])

const approve: Method = (call, args) => {
  const [spender, symbol, amount] = [args.hex(20), args.text(), args.uint(32)]
  args.end()
  call.book.set(TOKEN, ALLOWANCES, allowance(call.from, spender, symbol), amount === 0n ? undefined : uint(amount, 32))
  emit(call, 2, address(call.from), address(spender), text(symbol), uint(amount, 32))
  return undefined
}

const transferFrom: Method = (call, args) => {
  const [owner, to, symbol, amount] = [args.hex(20), args.hex(20), args.text(), args.uint(32)]
  args.end()
  const key = allowance(owner, call.from, symbol)
  if (amount === 0n) return refuse(3)
  if (call.book.count(TOKEN, ALLOWANCES, key) < amount) return refuse(2)
  if (balanceOf(call.book, owner, symbol) < amount) return refuse(1)
  call.book.add(TOKEN, ALLOWANCES, key, -amount)
  move(call, owner, to, symbol, amount)
  return undefined
}

const create: Method = (call, args) => {
  const [symbol, name, supply, burnable] = [args.text(), args.text(), args.uint(32), args.take(1)]
  args.end()
  if (!/^[A-Z][A-Z0-9]{1,9}$/.test(symbol)) return refuse(5)
  if (name.length === 0 || name.length > 64) return refuse(6)
  if (supply === 0n || supply >= 1n << 127n) return refuse(7)
  if (call.book.get(TOKEN, TOKENS, text(symbol)) !== undefined) return refuse(4)
  call.book.set(
    TOKEN,
    TOKENS,
    text(symbol),
    Buffer.concat([text(name), uint(supply, 32), address(call.from), burnable]),
  )
  call.book.add(TOKEN, BALANCES, who(call.from, symbol), supply)
  emit(call, 3, text(symbol), text(name), uint(supply, 32), address(call.from), burnable)
  return undefined
}

const lock: Method = (call, args) => {
  const [symbol, amount, days] = [args.text(), args.uint(32), args.int(4)]
  args.end()
  if (amount === 0n) return refuse(3)
  if (days < 1 || days > 3650) return refuse(13)
  if (balanceOf(call.book, call.from, symbol) < amount) return refuse(1)
  place(call, call.id, { owner: call.from, symbol, amount, endsAt: call.timeMs + BigInt(days) * DAY_MS, holder: TOKEN })
  return undefined
}

const unlock: Method = (call, args) => {
  const id = args.hex(32)
  args.end()
  const found = lockOf(call.book, id)
  if (found === undefined) return refuse(9)
  if (found.owner !== call.from) return refuse(10)
  if (found.holder !== TOKEN) return refuse(11)
  if (found.endsAt > call.timeMs) return refuse(12)
  release(call, id)
  return undefined
}

const burn: Method = (call, args) => {
  const [symbol, amount] = [args.text(), args.uint(32)]
  args.end()
  if (amount === 0n) return refuse(3)
  const token = call.book.get(TOKEN, TOKENS, text(symbol))
  if (token === undefined || token[token.length - 1] !== 1) return refuse(8)
  if (balanceOf(call.book, call.from, symbol) < amount) return refuse(1)
  destroy(call, call.from, symbol, amount)
  return undefined
}

export const tokenMethods: Readonly<Record<number, Method>> = {
  1: transfer,
  2: approve,
  3: transferFrom,
  4: create,
  5: lock,
  6: unlock,
  7: burn,
}

/** TOKEN-SUPPLY-1 and TOKEN-SUPPLY-2 over all state; what is wrong, or nothing. */
export function supplyFault(book: Book): string | undefined {
  const held = new Map<string, bigint>()
  const add = (symbol: string, amount: bigint): void => void held.set(symbol, (held.get(symbol) ?? 0n) + amount)
  for (const { key, value } of book.entries(TOKEN, BALANCES))
    add(key.subarray(24).toString(), BigInt(`0x${toHex(value)}`))
  for (const { key, value } of book.entries(TOKEN, BURNED)) add(key.subarray(4).toString(), BigInt(`0x${toHex(value)}`))
  const locked = new Map<string, bigint>()
  for (const { key } of book.entries(TOKEN, LOCKS)) {
    const found = lockOf(book, toHex(key))
    if (found === undefined) continue
    add(found.symbol, found.amount)
    const name = toHex(who(found.owner, found.symbol))
    locked.set(name, (locked.get(name) ?? 0n) + found.amount)
  }
  for (const { key, value } of book.entries(TOKEN, TOKENS)) {
    const input = new Cursor(value)
    input.text()
    const supply = input.uint(32)
    const symbol = key.subarray(4).toString()
    if (held.get(symbol) !== supply) return `${symbol}: ${held.get(symbol)} held of ${supply}`
  }
  for (const { key, value } of book.entries(TOKEN, LOCKED)) {
    if (locked.get(toHex(key)) !== BigInt(`0x${toHex(value)}`)) return `locks of ${toHex(key)} do not add up`
  }
  return undefined
}
