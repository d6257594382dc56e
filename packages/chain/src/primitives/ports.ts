import type { Address, Bytes } from './types.ts'

export type Cancel = () => void

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  after(ms: number, run: () => void): Cancel
}

export type LogFields = Readonly<Record<string, unknown>>

export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type KvOp = { readonly put: readonly [key: Bytes, value: Bytes] } | { readonly del: Bytes }

export interface KvRange {
  readonly gte: Bytes
  readonly lt: Bytes
  readonly reverse?: boolean
  readonly limit?: number
}

/** Ordered byte map. `write` is one atomic batch; with `sync` it is on disk when the promise settles. */
export interface KeyValue {
  get(key: Bytes): Promise<Bytes | undefined>
  /** As `get` of each key, in one go. */
  getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]>
  write(ops: readonly KvOp[], options: { readonly sync: boolean }): Promise<void>
  range(options: KvRange): Promise<[Bytes, Bytes][]>
  close(): Promise<void>
}

/** Bytes that are needed until a height is reached. */
export interface LogRecord {
  readonly until: bigint
  readonly bytes: Bytes
}

/** Records for the next start, written once and read once. */
export interface RecordLog {
  /** What is kept, oldest first. Once, before the first `append`. */
  read(): Promise<readonly LogRecord[]>
  /** Waited for before a first write after none: who comes meanwhile shares it. */
  gather?(): Promise<void>
  /** Resolves when all of them are on the disk. One call at a time; none may succeed after one that failed. */
  append(records: readonly LogRecord[]): Promise<void>
  /** Those needed until less than this height may go; they may also stay. */
  forget(height: bigint): Promise<void>
  close(): Promise<void>
}

/** What became of a message: worth passing on, against the rules, or neither. */
export type Verdict = 'accept' | 'reject' | 'ignore'

/** How a peer behaved, for the network to weigh. A network may part from a peer that breaks rules. */
export type Conduct =
  /** Brought something new and valid. */
  | 'useful'
  /** Sent what no honest node sends. */
  | 'invalid'
  /** Left a question without an answer, or answered beside it. */
  | 'useless'

/** Messages between nodes. A peer is named by what the network knows it by. */
export interface Net {
  broadcast(message: Bytes): void
  send(peer: string, message: Bytes): void
  /** The verdict tells a network that passes messages on whether to pass on this one; without one it does not. */
  onMessage(handler: (peer: string, message: Bytes) => Promise<Verdict> | undefined): Cancel
  /** Told of every peer that comes (true) or goes. */
  onPeer(handler: (peer: string, here: boolean) => void): Cancel
  judge(peer: string, conduct: Conduct): void
  peers(): string[]
}

export interface Rng {
  bytes(length: number): Bytes
}

/**
 * Tells when nothing holds an object any more, for memory that the engine's collector does not see. The moment differs from run to run, so
 * nothing but memory may depend on it.
 */
export interface Reclaimer {
  watch(held: object, forget: () => void): void
  /** Whoever gave up the object himself. */
  unwatch(held: object): void
  /** Runs a short piece of work when nothing else waits. */
  later(run: () => void): void
  /** Collects what is unused at once: after work that leaves much behind, at a time when a pause does no harm. */
  collect(): void
}

export interface RecoverJob {
  readonly digest: Bytes
  readonly signature: Bytes
}

export interface RecoverOptions {
  /** Nobody waits for the answers yet: whatever else is asked comes first, and the calling thread does none of the work. */
  readonly ahead?: boolean
  /** The caller goes on preparing what it will wait for, and calls `hurry` then; until then the calling thread does none of the work. */
  readonly more?: boolean
}

/** Work that other threads may share. Whatever the options, the answers are the same. */
export interface Exec {
  recoverBatch(jobs: readonly RecoverJob[], options?: RecoverOptions): Promise<(Address | undefined)[]>
  /** Somebody waits now for what `recoverBatch` answered when it was asked ahead or with more to come: the calling thread helps. */
  hurry?(answers: Promise<(Address | undefined)[]>): void
}

/**
 * A producer's key. The implementation writes and syncs the last signed slot before it signs, and answers undefined when asked to sign
 * a slot at or below it with another digest.
 */
export interface Sign {
  readonly address: Address
  sign(kind: 'header', slot: bigint, digest: Bytes): Promise<Bytes | undefined>
}
