import { type Collection, createRegistry } from '#contracts/runtime'
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
  return { hash, registry, feePolicyAt: (height) => code.feePolicyAt(registry, height) }
}
