import { z } from 'zod'
import type { Address, Hash, Hex } from '#primitives'
import {
  MAX_ARGUMENTS,
  MAX_BYTES_HEX_LENGTH,
  MAX_DECIMAL_LENGTH,
  MAX_TEXT_LENGTH,
  MAX_TRANSACTION_HEX_LENGTH,
} from './limits.ts'
import type { Decimal, Json } from './views.ts'

const hexOfBytes = (bytes: number, what: string) =>
  z
    .string()
    .max(2 + 2 * bytes, `${what} has ${bytes} bytes`)
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), `${what} is 0x and ${2 * bytes} hex digits`)
    .transform((text) => text.toLowerCase())

// The casts below only add the brand that the pattern has just proven.
/** Twenty bytes; any letter case is accepted, lower case comes out. */
export const addressSchema: z.ZodType<Address, Hex> = hexOfBytes(20, 'an address') as unknown as z.ZodType<Address, Hex>
/** Thirty-two bytes; any letter case is accepted, lower case comes out. */
export const hashSchema: z.ZodType<Hash, Hex> = hexOfBytes(32, 'a hash') as unknown as z.ZodType<Hash, Hex>
/** An encoded transaction, at most 131,072 bytes. That it is hex shows when it is read. */
export const envelopeSchema: z.ZodType<Hex, Hex> = z
  .string()
  .max(MAX_TRANSACTION_HEX_LENGTH, `at most ${MAX_TRANSACTION_HEX_LENGTH} characters`) as unknown as z.ZodType<Hex, Hex>

/** Unsigned integer below 2^256 as a decimal string without leading zeros. */
export const decimalSchema: z.ZodType<Decimal, Decimal> = z
  .string()
  .max(MAX_DECIMAL_LENGTH, 'at most 78 digits')
  .regex(/^(?:0|[1-9][0-9]*)$/, 'an integer is a string of decimal digits')

const MAX_UINT64 = 18_446_744_073_709_551_615n

const UINT64_DIGITS = /^(?:0|[1-9][0-9]{0,19})$/

/** True for decimal digits below 2^64. */
export const isUint64Text = (text: string): boolean => UINT64_DIGITS.test(text) && BigInt(text) <= MAX_UINT64

// One check that looks at the form first: a second one would run on text the first has already refused.
const uint64TextSchema = z.string().refine(isUint64Text, 'decimal digits, at most 18446744073709551615')
const safeNumberSchema = z
  .number()
  .int('a whole number')
  .min(0, 'zero or more')
  .max(Number.MAX_SAFE_INTEGER)
  .transform((value) => String(value))

/** A height, slot or round number: a JSON number or a decimal string; a decimal string comes out. */
export const uint64Schema: z.ZodType<Decimal, Decimal | number> = z.union(
  [safeNumberSchema, uint64TextSchema],
  'a number or a string of decimal digits',
)

/** A whole number of 32 bits. */
export const uint32Schema: z.ZodType<number, number> = z
  .number()
  .int('a whole number')
  .min(0, 'zero or more')
  .max(4_294_967_295)

/** Short free text such as a name of a contract, method or item. */
export const nameSchema: z.ZodType<string, string> = z
  .string()
  .min(1, 'not empty')
  .max(64, 'at most 64 characters')
  .regex(/^[A-Za-z][A-Za-z0-9]*$/, 'a name is letters and digits')

/** One argument of a contract call: text, number, boolean, or a list of them (flat). */
const argumentSchema: z.ZodType<Json, Json> = z.union(
  [z.string().max(MAX_BYTES_HEX_LENGTH, `at most ${MAX_BYTES_HEX_LENGTH} characters`), z.number(), z.boolean()],
  'an argument is a string, a number or a boolean',
) as unknown as z.ZodType<Json, Json>

/** Arguments by name; how each value must look is the method's signature's business. */
export const argumentsSchema: z.ZodType<{ readonly [name: string]: Json }, { readonly [name: string]: Json }> = z
  .record(nameSchema, argumentSchema)
  .refine((args) => Object.keys(args).length <= MAX_ARGUMENTS, `at most ${MAX_ARGUMENTS} arguments`)

/** Components of a state key, in the order of the item's declaration. */
export const keySchema: z.ZodType<readonly Json[], readonly Json[]> = z
  .array(
    z.union(
      [z.string().max(MAX_TEXT_LENGTH, `at most ${MAX_TEXT_LENGTH} characters`), z.number(), z.boolean()],
      'a key component is a string, a number or a boolean',
    ),
  )
  .max(8, 'at most 8 components')

/** Any JSON, for parts of answers whose shape a contract decides. */
export const jsonSchema: z.ZodType<Json> = z.json() as z.ZodType<Json>
