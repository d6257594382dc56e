export type RawSearch = Record<string, string | string[] | undefined>

/** One query parameter as text; repeated ones count once. */
export function param(search: RawSearch, name: string): string | undefined {
  const value = search[name]
  const first = Array.isArray(value) ? value[0] : value
  return first === undefined || first === '' ? undefined : first
}

/** A query parameter limited to known values; anything else is the default. */
export function choice<const T extends string>(search: RawSearch, name: string, values: readonly T[], fallback: T): T {
  const value = param(search, name)
  return values.find((candidate) => candidate === value) ?? fallback
}
