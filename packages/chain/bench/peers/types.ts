import type { ChildProcess } from 'node:child_process'

/** Blocks by the clock, or one when asked. */
export type Mining = { readonly slotMs: number } | 'manual'

/** Signed transfers of funded accounts to strangers, from one of them on. `inRow` of one account follow each other. */
export interface Transfers {
  readonly from: number
  readonly count: number
  readonly inRow: number
}

/** A node that answers JSON-RPC, and transfers it takes. */
export interface RunningPeer {
  readonly process: ChildProcess
  readonly port: number
  /** The method that takes one signed transaction. */
  readonly submits: string
  /** The method that takes a list of them; without it they go as a batch of calls. */
  readonly submitsTogether?: string
  /** Occurs in an answer once for each transaction that was taken. */
  readonly accepted: string
  /** An account whose balance may be asked. */
  readonly account: string
  sign(transfers: Transfers): Promise<readonly string[]>
  transactionsIn(height: number): Promise<number>
  stop(): Promise<void>
}

export interface RpcPeer {
  readonly name: string
  /** Transfers in one measurement: some seconds of its work. */
  readonly transfers: number
  start(mining: Mining): Promise<RunningPeer>
}

export interface Measured {
  readonly value: number
  /** The same right after the start, where that is another figure. */
  readonly first?: number
  /** Share of all cores that others used meanwhile. */
  readonly foreign: number
}

/** Somebody who does a piece of work. */
export interface Contender {
  readonly name: string
  readonly isOwn: boolean
  measure(): Promise<Measured>
}

/** A piece of work that is the same for all. */
export interface Work {
  readonly key: string
  readonly title: string
  readonly unit: string
  /** For times: the smaller the better. */
  readonly isTime: boolean
  readonly contenders: readonly Contender[]
}
