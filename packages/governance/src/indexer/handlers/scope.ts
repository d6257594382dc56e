import type { Json } from '#db'
import type { Address, Amount, Hash } from '#domain'
import { IndexerError } from '../errors.ts'
import type { ChainSource, SourceBlock, SourceEvent, SourceTransaction } from '../sources/source.ts'
import type { Workspace } from '../workspace.ts'

/** What handlers of one block share. */
export interface BlockScope {
  readonly block: SourceBlock
  readonly workspace: Workspace
  readonly source: ChainSource
  /** Delegates whose weight changed in this block. */
  readonly reweighed: Set<Address>
}

/** An event with its place: `position` counts the events of the whole block from 0. */
export interface EventScope extends BlockScope {
  readonly transaction: SourceTransaction
  readonly event: SourceEvent
  readonly position: number
}

export type EventHandler = (scope: EventScope) => Promise<void>

function fieldOf(event: SourceEvent, field: string): Json {
  const value = event.fields[field]
  if (value === undefined) {
    throw new IndexerError('index.badEvent', `Event ${event.contract}.${event.name} has no field ${field}`, {
      fields: Object.keys(event.fields),
    })
  }
  return value
}

function hexOf(event: SourceEvent, field: string, digits: number): `0x${string}` {
  const value = fieldOf(event, field)
  if (typeof value === 'string' && value.length === digits + 2 && /^0x[0-9a-f]+$/.test(value))
    return value as `0x${string}`
  throw new IndexerError(
    'index.badEvent',
    `Field ${field} of ${event.contract}.${event.name} is not ${digits} hex digits`,
    { value },
  )
}

/** Readers of event fields; each throws `index.badEvent` when the field is missing or of another type. */
export const addressOf = (event: SourceEvent, field: string): Address => hexOf(event, field, 40)
export const hashOf = (event: SourceEvent, field: string): Hash => hexOf(event, field, 64)

export function amountOf(event: SourceEvent, field: string): Amount {
  const value = fieldOf(event, field)
  if (
    (typeof value === 'string' && /^\d{1,78}$/.test(value)) ||
    (typeof value === 'number' && Number.isSafeInteger(value))
  )
    return BigInt(value)
  throw new IndexerError('index.badEvent', `Field ${field} of ${event.contract}.${event.name} is not an amount`, {
    value,
  })
}

export const numberOf = (event: SourceEvent, field: string): number => Number(amountOf(event, field))

export function textOf(event: SourceEvent, field: string): string {
  const value = fieldOf(event, field)
  if (typeof value === 'string') return value
  throw new IndexerError('index.badEvent', `Field ${field} of ${event.contract}.${event.name} is not text`, { value })
}

export function flagOf(event: SourceEvent, field: string): boolean {
  const value = fieldOf(event, field)
  if (typeof value === 'boolean') return value
  throw new IndexerError('index.badEvent', `Field ${field} of ${event.contract}.${event.name} is not a flag`, { value })
}
