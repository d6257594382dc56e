import { type Collection, createRegistry } from '#contracts/runtime'
import type { FeePolicy } from '#kernel'
import type { Hash } from '#primitives'
import type { Era } from './types.ts'

type Values = Readonly<Record<string, bigint>>

/** The values that a collection still knows: what it does not declare any more is nobody's parameter. */
export function declaredBy({ contracts }: Collection, params: Values): Values {
  const declared = new Set(
    contracts.flatMap(({ identity, params: own }) => own.map(({ name }) => `${identity.name}.${name}`)),
  )
  return Object.fromEntries(Object.entries(params).filter(([name]) => declared.has(name)))
}

/** Makes a collection ready to run with the values of a chain's genesis. Throws `runtime.*` when it cannot run. */
export function createEra(hash: Hash, code: Collection, params: Values): Era {
  const registry = createRegistry({ ...code, params: { ...params, ...code.params } })
  // Asked for each transaction, mostly at one height.
  let last: { readonly height: bigint; readonly policy: FeePolicy } | undefined
  const feePolicyAt = (height: bigint): FeePolicy => {
    if (last?.height !== height) last = { height, policy: code.feePolicyAt(registry, height) }
    return last.policy
  }
  return { hash, registry, feePolicyAt }
}
