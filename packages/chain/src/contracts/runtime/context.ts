import type { Address, Hash } from '#primitives'
import type { ContractError } from './error.ts'
import type { Event } from './event.ts'
import type { FieldsOf } from './fields.ts'
import type { Counter, Item } from './item.ts'
import type { EngineSignal } from './journal.ts'
import type { Port } from './port.ts'

/** The block a call runs in. */
export interface BlockEnvironment {
  readonly chainId: number
  /** Identity of the network; the zero hash while its genesis is being made. */
  readonly genesisHash: Hash
  readonly height: bigint
  readonly slot: bigint
  /** Time of the slot in milliseconds since the epoch. */
  readonly timeMs: bigint
  /** Who makes the block; zero at genesis, and where it is asked what a call would do before a block is made. */
  readonly producer: Address
  /** Successor of the collection that the block's header signals; zero for none, at genesis and outside of a block. */
  readonly signal: Hash
}

/** Everything a call may know besides state. */
export interface Environment extends BlockEnvironment {
  /** Sender of the transaction; the contract itself inside hooks, genesis and views. */
  readonly from: Address
  /** The contract whose code runs. */
  readonly self: Address
  /** Who called: the sender, or the contract that came in through a port. */
  readonly caller: Address
  /** Zero outside of a transaction. */
  readonly transactionId: Hash
  /** Governed value of this contract at this height. Throws `param.unknown`. */
  param(name: string): bigint
}

/** May read. */
export interface ViewContext {
  readonly env: Environment
  get<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>): FieldsOf<V> | undefined
  /** Value of a counter; zero when absent. */
  count<K extends string>(item: Counter<K>, key: FieldsOf<K>): bigint
  /** The reading half of another contract. */
  read<R, C, D>(port: Port<R, C, D>): R
}

/** May read; runs at admission and again just before execution. */
export type VerifyContext = ViewContext

/** May read, write, emit, call other contracts and signal the engine. */
export interface ExecuteContext extends ViewContext {
  set<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>, value: FieldsOf<V>): void
  delete<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>): void
  /** Adds to a counter without reading it; a result below zero is an assertion. */
  add<K extends string>(item: Counter<K>, key: FieldsOf<K>, delta: bigint): void
  emit<F extends string>(event: Event<F>, fields: FieldsOf<F>): void
  /** The writing half of another contract. */
  call<R, C, D>(port: Port<R, C, D>): C
  signal(signal: EngineSignal): void
  /** Ends the transaction with a numbered error. */
  fail(error: ContractError): never
}

/** What a declaration of resources may know: arguments and environment, never state. */
export interface DeclareEnvironment extends BlockEnvironment {
  readonly from: Address
  readonly transactionId: Hash
  /** The declaring half of another contract. */
  declares<R, C, D>(port: Port<R, C, D>): D
}
