import { type ArgsOf, type FieldValues, type MethodAbi, parseSignature } from '#kernel'
import type { DeclareEnvironment, ExecuteContext, VerifyContext } from './context.ts'
import type { ContractError } from './error.ts'
import type { Resource } from './resource.ts'

export interface MethodDefinition<S extends string> {
  readonly number: number
  /** `function name(type name, …)`: the one declaration of the arguments. */
  readonly signature: S
  /** Sentence template the signer reads, see `renderIntent`. */
  readonly intent: string
  /** What the method does, who may call it and what it needs. */
  readonly doc: string
  /** Runs alone after the parallel transactions of a block, and may touch anything of its contract and ports. */
  readonly nonParallel?: boolean
  resources(args: ArgsOf<S>, env: DeclareEnvironment): readonly Resource[]
  verify(ctx: VerifyContext, args: ArgsOf<S>): ContractError | undefined
  execute(ctx: ExecuteContext, args: ArgsOf<S>): void
}

/** A method whose arguments are known by its ABI only. */
export interface Method {
  readonly number: number
  readonly name: string
  readonly signature: string
  readonly abi: MethodAbi
  readonly intent: string
  readonly doc: string
  readonly nonParallel: boolean
  resources(args: FieldValues, env: DeclareEnvironment): readonly Resource[]
  verify(ctx: VerifyContext, args: FieldValues): ContractError | undefined
  execute(ctx: ExecuteContext, args: FieldValues): void
}

/** Declares a method. Throws `abi.*` when the signature does not parse. */
export function defineMethod<const S extends string>(definition: MethodDefinition<S>): Method {
  const abi = parseSignature(definition.signature)
  // The decoder reads exactly the fields of this signature, so its result has the type the signature gives.
  const typed = (args: FieldValues): ArgsOf<S> => args as ArgsOf<S>
  return {
    number: definition.number,
    name: abi.name,
    signature: definition.signature,
    abi,
    intent: definition.intent,
    doc: definition.doc,
    nonParallel: definition.nonParallel ?? false,
    resources: (args, env) => definition.resources(typed(args), env),
    verify: (ctx, args) => definition.verify(ctx, typed(args)),
    execute: (ctx, args) => definition.execute(ctx, typed(args)),
  }
}
