import { z } from 'zod'
import type { Address, Hash } from '#domain'
import { ApiError } from './errors.ts'

export const LIMIT_DEFAULT = 25
export const LIMIT_MAX = 100

const hexOf = (digits: number, what: string) =>
  z.string().regex(new RegExp(`^0x[0-9a-fA-F]{${digits}}$`), `${what} is 0x and ${digits} hexadecimal digits`)

export const addressInput = hexOf(40, 'an address')
export const hashInput = hexOf(64, 'a hash')
/** Checked by the schemas before; letters are stored in lower case. */
export const toAddress = (text: string): Address => text.toLowerCase() as Address
export const toHash = (text: string): Hash => text.toLowerCase() as Hash

export const pageFields = {
  cursor: z.string().max(200).nullish(),
  limit: z.number().int().min(1).max(LIMIT_MAX).optional(),
}

/** Reads a cursor made by `writeCursor`; throws `cursor.invalid` for anything else. */
export function readCursor(cursor: string | null | undefined, parts: number): bigint[] | undefined {
  if (cursor === null || cursor === undefined) return undefined
  const found = cursor.split('.')
  if (found.length !== parts || found.some((part) => !/^\d{1,30}$/.test(part))) {
    throw new ApiError('cursor.invalid', 'The cursor is not one of this list', 'Start the list again without a cursor.')
  }
  return found.map(BigInt)
}

export const writeCursor = (...parts: readonly (bigint | number)[]): string => parts.join('.')

/** Splits off the extra row that was asked for to learn whether there is a next page. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): { items: T[]; nextCursor?: string } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursorOf(last) } : { items }
}

const MESSAGE_MAX = 2_000

/** Fields of an input that a person has signed. */
export const signedText: {
  readonly message: z.ZodString
  readonly signature: z.ZodType<`0x${string}`, `0x${string}`>
} = {
  message: z.string().max(MESSAGE_MAX),
  signature: z.custom<`0x${string}`>(
    (value) => typeof value === 'string' && /^0x[0-9a-fA-F]{130}$/.test(value),
    'a signature is 65 bytes',
  ),
}
