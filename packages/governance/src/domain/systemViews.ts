import type { Address, Amount } from './values.ts'
import type { Dated, NodeHealth } from './views.ts'

/** Tokens, contracts, search and the state of the service itself; units as in `views.ts`. */

export interface TokenView {
  readonly symbol: string
  readonly name: string
  readonly supply: Amount
  readonly burned: Amount
  readonly creator: Address
  readonly burnable: boolean
  readonly holders: number
  readonly createdHeight: bigint
}

export interface TokenListView extends Dated {
  readonly items: readonly TokenView[]
}

export interface ContractFieldView {
  readonly name: string
  readonly type: string
}

export interface ContractMethodView {
  readonly number: number
  readonly name: string
  readonly signature: string
  readonly intent: string
  readonly doc: string
  readonly args: readonly ContractFieldView[]
  readonly nonParallel: boolean
  readonly calls: number
}

export interface ContractView extends Dated {
  readonly source: ContractSource
  readonly name: string
  readonly address: Address
  readonly doc: string
  readonly methods: readonly ContractMethodView[]
  readonly items: readonly {
    readonly number: number
    readonly name: string
    readonly key: readonly string[]
    readonly value: readonly ContractFieldView[]
  }[]
  readonly events: readonly {
    readonly number: number
    readonly name: string
    readonly fields: readonly ContractFieldView[]
  }[]
  readonly errors: readonly { readonly number: number; readonly code: string; readonly help: string }[]
}

export interface ContractSummary {
  readonly name: string
  readonly address: Address
  readonly methods: number
  readonly calls: number
}

/** Whether the node said which contracts run, or this release only knows its own. */
export type ContractSource = 'chain' | 'release'

export interface ContractListView extends Dated {
  readonly source: ContractSource
  readonly items: readonly ContractSummary[]
}

export type SearchKind =
  | 'block'
  | 'transaction'
  | 'account'
  | 'delegate'
  | 'round'
  | 'term'
  | 'contract'
  | 'token'
  | 'position'
  | 'collection'
  | 'proposal'

export interface SearchHit {
  readonly kind: SearchKind
  /** Identifier to put in the page's address: height, hash, address, number, name or symbol. */
  readonly id: string
  readonly title: string
  readonly detail: string
}

export interface SearchView extends Dated {
  readonly query: string
  readonly hits: readonly SearchHit[]
}

export interface QueueView {
  readonly name: string
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
  readonly completed: number
}

/** One comparison of the index with the chain. */
export interface AuditView {
  readonly name: string
  readonly height: bigint
  readonly checkedAtMs: number
  readonly ok: boolean
  readonly detail: string
}

export interface StatusView extends Dated {
  readonly node: NodeHealth
  readonly database: { readonly ok: boolean; readonly latencyMs?: number; readonly detail: string }
  readonly indexer: {
    readonly state: 'live' | 'catching-up' | 'stopped' | 'empty'
    readonly height?: bigint
    readonly behind?: bigint
    readonly updatedAtMs?: number
    readonly reorganisations: number
    readonly deepestReorganisation: number
    readonly lastError?: string
  }
  readonly queues: readonly QueueView[]
  readonly audits: readonly AuditView[]
}
