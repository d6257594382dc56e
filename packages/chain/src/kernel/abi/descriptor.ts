import type { Address } from '#primitives'
import type { FieldSpec, FieldType, MethodAbi } from './types.ts'

export interface MethodDescriptor {
  readonly contract: string
  readonly contractAddress: Address
  readonly name: string
  readonly number: number
  readonly signature: string
  readonly abi: MethodAbi
  /** Sentence template, see `renderIntent`. */
  readonly intent: string
  readonly doc: string
  readonly nonParallel: boolean
}

export interface ItemDescriptor {
  readonly contract: string
  readonly name: string
  readonly number: number
  readonly key: readonly FieldType[]
  readonly value: readonly FieldSpec[]
}

export interface EventFieldSpec extends FieldSpec {
  readonly indexed: boolean
}

export interface EventDescriptor {
  readonly contract: string
  readonly name: string
  readonly number: number
  readonly fields: readonly EventFieldSpec[]
}

/** Shown in receipts as `contract.name`. */
export interface ErrorDescriptor {
  readonly contract: string
  readonly name: string
  readonly number: number
  readonly help: string
}
