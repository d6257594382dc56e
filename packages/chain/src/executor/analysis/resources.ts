import {
  ACCESS_BITS,
  type BlockEnvironment,
  createDeclareEnvironment,
  type RegisteredMethod,
  type Registry,
  type Resource,
} from '#contracts/runtime'
import type { FieldValues } from '#kernel'
import type { Address, Hash } from '#primitives'

/** A call ready for analysis. */
export interface DeclaredCall {
  readonly registered: RegisteredMethod
  readonly from: Address
  readonly transactionId: Hash
  readonly args: FieldValues
}

/** Everything a transaction touches: its method's declaration and the payment of its fee. */
export function resourcesOf(registry: Registry, env: BlockEnvironment, call: DeclaredCall): readonly Resource[] {
  const declareEnv = createDeclareEnvironment(registry, env, { from: call.from, transactionId: call.transactionId })
  // Spreading both into a list leaves it with room for as many again, and one is made for every call.
  return call.registered.method.resources(call.args, declareEnv).concat(registry.fees.declares(call.from))
}

/** Access by partition, in the form `conflicts` compares: one text per partition, and one for the whole item. */
export type ResourceMap = ReadonlyMap<string, number>

const wholeKey = ({ item }: Resource): string => `${item.address}/${item.number}/*`

// A text could hold anything, a separator too: nothing comes after it.
const keyOf = (declared: Resource): string =>
  declared.whole ? wholeKey(declared) : `${declared.item.address}/${declared.item.number}/=${declared.first ?? ''}`

/** Strongest access per partition: reading and adding the same partition amounts to writing it. */
export function resourceMap(resources: readonly Resource[]): ResourceMap {
  const merged = new Map<string, number>()
  for (const entry of resources) {
    const key = keyOf(entry)
    merged.set(key, (merged.get(key) ?? 0) | ACCESS_BITS[entry.access])
  }
  return merged
}

const clash = (a: number, b: number): boolean => a !== b || a === ACCESS_BITS.write

const itemOf = (key: string): string => `${key.split('/', 2).join('/')}/*`

/** True when the order of two transactions can matter: one writes, or one reads what the other adds to. */
export function conflicts(a: ResourceMap, b: ResourceMap): boolean {
  for (const [key, access] of a) {
    const other = b.get(key)
    if (other !== undefined && clash(access, other)) return true
    const whole = b.get(itemOf(key))
    if (whole !== undefined && clash(access, whole)) return true
    if (key !== itemOf(key)) continue
    for (const [candidate, wanted] of b) if (itemOf(candidate) === key && clash(access, wanted)) return true
  }
  return false
}
