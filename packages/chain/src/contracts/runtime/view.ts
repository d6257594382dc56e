import type { FieldSpec, FieldValue, FieldValues } from '#kernel'
import type { ViewContext } from './context.ts'
import { type FieldsOf, parseFields } from './fields.ts'

/** What a view answers: plain data with bigint for amounts. */
export type ViewValue = FieldValue | null | readonly ViewValue[] | { readonly [name: string]: ViewValue }

export interface View<A extends string = string, R extends ViewValue = ViewValue> {
  readonly name: string
  readonly doc: string
  readonly args: readonly FieldSpec[]
  read(ctx: ViewContext, args: FieldValues): R
  /** Type carrier only. */
  readonly types?: { readonly args: A }
}

/** Declares a view; `args` is a list such as `'address account, string symbol'`. */
export function defineView<const A extends string, R extends ViewValue>(definition: {
  readonly name: string
  readonly doc: string
  readonly args: A
  read(ctx: ViewContext, args: FieldsOf<A>): R
}): View<A, R> {
  const args = parseFields(definition.args).map(({ name, type }) => ({ name, type }))
  return {
    name: definition.name,
    doc: definition.doc,
    args,
    // Callers hand over exactly the declared fields; `readView` checks them.
    read: (ctx, values) => definition.read(ctx, values as FieldsOf<A>),
  }
}
