import { type ArgsOf, type EventFieldSpec, FIELD_TYPES, type FieldType } from '#kernel'
import { RuntimeError } from './error.ts'

type WithoutIndexed<S extends string> = S extends `${infer Head} indexed ${infer Tail}`
  ? WithoutIndexed<`${Head} ${Tail}`>
  : S

/** Object type of a list such as `'address account, string symbol'`. */
export type FieldsOf<S extends string> = ArgsOf<`function fields(${WithoutIndexed<S>})`>

const FIELD = /^([a-z0-9]+)( indexed)? ([a-z][A-Za-z0-9]{0,63})$/

const isFieldType = (text: string): text is FieldType => (FIELD_TYPES as readonly string[]).includes(text)

/** Parses `type [indexed] name, …`. Throws `runtime.definition`. */
export function parseFields(list: string): readonly EventFieldSpec[] {
  if (list === '') return []
  const fields = list.split(',').map((part) => {
    const [, type = '', indexed, name = ''] = FIELD.exec(part.trim()) ?? []
    if (!isFieldType(type)) throw new RuntimeError('runtime.definition', `not a field: ${part}`, { details: { list } })
    return { name, type, indexed: indexed !== undefined }
  })
  if (new Set(fields.map(({ name }) => name)).size !== fields.length) {
    throw new RuntimeError('runtime.definition', 'two fields share a name', { details: { list } })
  }
  return fields
}
