import {
  type Access,
  type BlockEnvironment,
  createDeclareEnvironment,
  mergeResources,
  type RegisteredMethod,
  type Registry,
  type Resource,
  wholeItemKey,
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
  return [...call.registered.method.resources(call.args, declareEnv), ...registry.fees.declares(call.from)]
}

/** Access by partition, in the form `conflicts` compares. */
export type ResourceMap = ReadonlyMap<string, Access>

export const resourceMap = (resources: readonly Resource[]): ResourceMap => mergeResources(resources)

const clash = (a: Access, b: Access): boolean => !(a === b && a !== 'write')

const isWhole = (key: string): boolean => key.endsWith('/*')

/** True when the order of two transactions can matter: one writes, or one reads what the other adds to. */
export function conflicts(a: ResourceMap, b: ResourceMap): boolean {
  for (const [key, access] of a) {
    const other = b.get(key)
    if (other !== undefined && clash(access, other)) return true
    const whole = b.get(wholeItemKey(key))
    if (whole !== undefined && clash(access, whole)) return true
    if (!isWhole(key)) continue
    for (const [candidate, wanted] of b) if (wholeItemKey(candidate) === key && clash(access, wanted)) return true
  }
  return false
}
