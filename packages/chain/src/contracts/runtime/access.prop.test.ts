import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFields, type FieldSpec, type FieldType, type FieldValue, type FieldValues, statePath } from '#kernel'
import { AelfError, type Bytes, bytesToHex } from '#primitives'
import {
  type Access,
  adding,
  createAccessSet,
  defineItem,
  everywhere,
  findPlace,
  type Item,
  type Resource,
  reading,
  writing,
} from './index.ts'

const IDENTITY = { name: 'sample', number: 77 }
const item = (number: number, key: string): Item =>
  defineItem(IDENTITY, { number, name: `item${number}`, key, value: 'uint256 amount', bound: 'test' })
const items = [
  item(1, ''),
  item(2, 'address a'),
  item(3, 'address a, string b'),
  item(4, 'string a, bytes32 b'),
  item(5, 'uint64 a, uint32 b, bool c'),
  item(6, 'bytes8 a, bytes b, string c, uint8 d'),
  item(7, 'bool a, uint256 b'),
]

const hexes = ['aB'.repeat(20), 'ab'.repeat(20), 'ab'.repeat(8), 'AB'.repeat(8), 'ab'.repeat(32), '']
/** Few values of every kind, right and wrong ones, so that equal ones meet often. */
const value: fc.Arbitrary<FieldValue | undefined> = fc.oneof(
  fc.constantFrom<(FieldValue | undefined)[]>(0, -0, 1, 1.5, 255, 256, 0n, 1n, -1n, 2n ** 64n, true, false, undefined),
  fc.constantFrom('', '1', '1n', '/', 'ELF', '\ud800', 'true', '/1:'),
  fc.constantFrom(...hexes).map((hex) => `0x${hex}`),
)
const FITTING: Partial<Record<FieldType, readonly FieldValue[]>> = {
  address: [`0x${'aB'.repeat(20)}`, `0x${'ab'.repeat(20)}`],
  bytes8: [`0x${'AB'.repeat(8)}`, `0x${'ab'.repeat(8)}`],
  bytes32: [`0x${'00'.repeat(32)}`, `0x${'Fe'.repeat(32)}`],
  bytes: ['0x', '0xAA'],
  string: ['', 'ELF', '/1:', 'AB', 'ab'],
  uint8: [0, 255],
  uint32: [0, -0, 7],
  uint64: [0n, 1n],
  uint256: [0n, 1n],
  bool: [true, false],
}
const fieldValue = ({ type }: FieldSpec): fc.Arbitrary<FieldValue | undefined> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 9, arbitrary: fc.constantFrom(...(FITTING[type] ?? [])) })
const keyOf = (of: Item): fc.Arbitrary<FieldValues> =>
  fc.tuple(...of.key.map(fieldValue)).map((values) => {
    const key: Record<string, FieldValue> = {}
    for (const [index, { name }] of of.key.entries()) {
      const field = values[index]
      if (field !== undefined) key[name] = field
    }
    return key
  })
const entry = fc.constantFrom(...items).chain((of) => fc.tuple(fc.constant(of), keyOf(of)))

function attempt<T>(work: () => T): T | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof AelfError) return error.code
    throw error
  }
}

/** The definition: the encoded first key field names the partition. */
function partition(of: Item, first: FieldValue | undefined): string {
  const [spec] = of.key
  if (spec === undefined) return `${of.number}`
  return `${of.number}/${bytesToHex(encodeFields([spec], { [spec.name]: first as FieldValue }))}`
}

describe('places', () => {
  test('a remembered place is the computed one, and what does not fit an item is never found', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        for (const [of, key] of entries) {
          const expected = attempt((): Bytes => encodeFields(of.key, key))
          const found = attempt(() => findPlace(of, key))
          if (typeof expected === 'string' || typeof found === 'string') expect(found).toBe(expected)
          else
            expect(found).toMatchObject({ item: of, key: expected, path: statePath(of.address, of.number, expected) })
        }
      }),
      { numRuns: 300 },
    )
  })

  test('many more entries than are remembered are all found', () => {
    const of = items[6] as Item
    for (let round = 0; round < 2; round++) {
      for (let b = 0n; b < 20_000n; b++) {
        const { key } = findPlace(of, { a: b % 2n === 0n, b })
        if (b % 997n === 0n) expect(key).toEqual(encodeFields(of.key, { a: b % 2n === 0n, b }))
      }
    }
  })
})

const DECLARE = { read: reading, add: adding, write: writing }
const access = fc.constantFrom<Access[]>('read', 'add', 'write')
const declaration = fc
  .constantFrom(...items)
  .chain((of) => fc.tuple(fc.constant(of), access, of.key[0] ? fieldValue(of.key[0]) : value, fc.boolean()))

describe('declared access', () => {
  test('what is allowed is what the declarations name, in whatever way values are written [RUNTIME-ACCESS-1]', () => {
    let allowed = 0
    fc.assert(
      fc.property(fc.array(declaration, { maxLength: 8 }), fc.array(fc.tuple(entry, access)), (declared, wanted) => {
        const resources: Resource[] = []
        const model = new Map<string, Set<Access>>()
        for (const [of, how, first, whole] of declared) {
          const made = attempt(() => (whole ? everywhere(how, of) : DECLARE[how](of, first)))
          const name = attempt(() => (whole ? `${of.number}/*` : partition(of, first)))
          if (typeof made === 'string') continue
          resources.push(made)
          model.set(name, (model.get(name) ?? new Set()).add(how))
        }
        const set = createAccessSet(resources)
        const covers = (name: string, how: Access): boolean => {
          const known = model.get(name) ?? new Set()
          return known.has('write') || known.size === 2 || known.has(how)
        }
        for (const [[of, key], how] of wanted) {
          const place = attempt(() => findPlace(of, key))
          if (typeof place === 'string') continue
          const expected = covers(partition(of, key[of.key[0]?.name ?? '']), how) || covers(`${of.number}/*`, how)
          if (expected) allowed++
          expect(set.allows(how, place)).toBe(expected)
        }
      }),
      { numRuns: 500 },
    )
    expect(allowed).toBeGreaterThan(50)
  })
})
