import type { Address, Hex } from '#primitives'

export type FieldType =
  | 'address'
  | 'uint8'
  | 'uint32'
  | 'uint64'
  | 'uint128'
  | 'uint256'
  | 'bool'
  | 'string'
  | 'bytes'
  | 'bytes8'
  | 'bytes32'

export interface FieldSpec {
  readonly name: string
  readonly type: FieldType
}

export type FieldValue = string | number | bigint | boolean
export type FieldValues = Readonly<Record<string, FieldValue>>

/** TypeScript type of a field: small integers are numbers, larger ones bigint, byte fields hex. */
export type ValueOf<T extends FieldType> = T extends 'address'
  ? Address
  : T extends 'uint8' | 'uint32'
    ? number
    : T extends 'uint64' | 'uint128' | 'uint256'
      ? bigint
      : T extends 'bool'
        ? boolean
        : T extends 'string'
          ? string
          : Hex

/** Object type of a list of fields declared `as const`. */
export type FieldsToObject<F extends readonly FieldSpec[]> = {
  readonly [K in F[number] as K['name']]: ValueOf<K['type']>
}

export interface MethodAbi {
  readonly name: string
  readonly args: readonly FieldSpec[]
}

type Trim<S extends string> = S extends ` ${infer R}` ? Trim<R> : S extends `${infer R} ` ? Trim<R> : S

type ArgEntry<S extends string> =
  Trim<S> extends `${infer T} ${infer N}` ? (T extends FieldType ? [Trim<N>, T] : never) : never

type ArgEntries<S extends string> =
  Trim<S> extends '' ? never : S extends `${infer Head},${infer Rest}` ? ArgEntry<Head> | ArgEntries<Rest> : ArgEntry<S>

type ListOf<S extends string> = S extends `function ${string}(${infer List})` ? ArgEntries<List> : never

/** Argument object of a method signature such as `'function vote(address delegate, uint256 amount, uint32 lockDays)'`. */
export type ArgsOf<S extends string> = { readonly [E in ListOf<S> as E[0]]: ValueOf<E[1]> }
