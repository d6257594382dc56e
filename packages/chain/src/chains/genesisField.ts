import { type Address, AelfError, asAddress, asHash, type Hash, isAddress, isHash } from '#primitives'

interface Range {
  readonly from: number
  readonly to: number
}

/** One value of a JSON document with its place in it, so that every refusal can name the field. */
export interface Field {
  /** Entry of an object or list; a missing one is refused when it is read. */
  at(name: string | number): Field
  /** Names of an object. */
  names(limit: number): readonly string[]
  list(size: Range): readonly Field[]
  integer(range: Range): number
  text(shape: Range & { readonly form: RegExp; readonly expected: string }): string
  /** Whole number as decimal digits. */
  amount(size: { readonly bits: number }): bigint
  address(): Address
  hash(): Hash
  /** Refuses names of an object that nobody asked for: a misspelled setting must not go unnoticed. */
  close(): void
  /** The refusal of this field. */
  wrong(expected: string): AelfError
}

const SHOWN = 60

export function createField(value: unknown, path: string): Field {
  const children = new Map<string | number, Field>()
  const wrong = (expected: string): AelfError => {
    const name = path === '' ? 'the file' : path
    const found = value === undefined ? 'is missing' : `is ${String(JSON.stringify(value)).slice(0, SHOWN)}`
    return new AelfError('genesis.field', `${name} ${found}; expected ${expected}`, { details: { field: path } })
  }
  const entries = (): Readonly<Record<string, unknown>> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('an object')
    return value as Readonly<Record<string, unknown>>
  }
  const entry = (name: string | number): unknown => {
    if (typeof name === 'number') return Array.isArray(value) ? value[name] : undefined
    const all = entries()
    return Object.hasOwn(all, name) ? all[name] : undefined
  }
  const at = (name: string | number): Field => {
    const known = children.get(name)
    if (known !== undefined) return known
    const place = typeof name === 'number' ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`
    const child = createField(entry(name), place)
    children.set(name, child)
    return child
  }
  return {
    at,
    wrong,
    names: (limit) => {
      const names = Object.keys(entries())
      if (names.length > limit) throw wrong(`at most ${limit} entries`)
      return names
    },
    list: ({ from, to }) => {
      const fits = Array.isArray(value) && value.length >= from && value.length <= to
      if (!fits) throw wrong(`a list of ${from} to ${to} entries`)
      return value.map((_, index) => at(index))
    },
    integer: ({ from, to }) => {
      const fits = typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to
      if (!fits) throw wrong(`a whole number from ${from} to ${to}`)
      return value
    },
    text: ({ from, to, form, expected }) => {
      const fits = typeof value === 'string' && value.length >= from && value.length <= to && form.test(value)
      if (!fits) throw wrong(`${expected}, ${from} to ${to} characters`)
      return value
    },
    amount: ({ bits }) => {
      const read = typeof value === 'string' && /^(?:0|[1-9][0-9]{0,77})$/.test(value) ? BigInt(value) : undefined
      if (read === undefined || read >> BigInt(bits) !== 0n) throw wrong(`decimal digits of a number below 2^${bits}`)
      return read
    },
    address: () => {
      if (typeof value !== 'string' || !isAddress(value.toLowerCase())) throw wrong('an address: 0x and 40 hex digits')
      return asAddress(value)
    },
    hash: () => {
      if (typeof value !== 'string' || !isHash(value.toLowerCase())) throw wrong('a hash: 0x and 64 hex digits')
      return asHash(value)
    },
    close: () => {
      for (const name of Object.keys(entries())) {
        if (!children.has(name)) throw at(name).wrong('no such field')
      }
    },
  }
}
