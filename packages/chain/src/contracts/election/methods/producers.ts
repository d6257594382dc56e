import type { ViewContext } from '#contracts/runtime'
import { decodeProducers, type ProducerEntry } from '#kernel'
import { type Address, type Hex, hexToBytes } from '#primitives'
import { termResult } from '../state.ts'

export const unpack = (packed: Hex | undefined): ProducerEntry[] =>
  packed === undefined ? [] : decodeProducers(hexToBytes(packed))

export const currentProducers = (ctx: ViewContext): ProducerEntry[] => unpack(ctx.get(termResult, {})?.producers)

export const isProducer = (ctx: ViewContext, account: Address): boolean =>
  currentProducers(ctx).some(({ address }) => address === account)
