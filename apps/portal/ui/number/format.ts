/** Smallest units in one ELF; every token of the chain has eight decimals. */
export const UNITS_PER_ELF = 100_000_000n
const DECIMALS = 8

/** `123456789n` → `1.23456789`; whole part grouped by thousands, trailing zeros cut, at most `decimals` places, rounded down. */
export function formatAmount(units: bigint, decimals: number = DECIMALS): string {
  const sign = units < 0n ? '−' : ''
  const absolute = units < 0n ? -units : units
  const fraction = (absolute % UNITS_PER_ELF).toString().padStart(DECIMALS, '0').slice(0, decimals).replace(/0+$/, '')
  return `${sign}${formatInteger(absolute / UNITS_PER_ELF)}${fraction === '' ? '' : `.${fraction}`}`
}

const SCALES: readonly (readonly [bigint, string])[] = [
  [1_000_000_000n, 'B'],
  [1_000_000n, 'M'],
  [10_000n, 'K'],
]

/** `1_234_500 ELF` → `1.23M`: for places where the full figure stands nearby or in the title. */
export function formatAmountShort(units: bigint): string {
  const whole = units / UNITS_PER_ELF
  for (const [limit, suffix] of SCALES) {
    if (whole < limit) continue
    const unit = suffix === 'K' ? 1_000n : limit
    const hundredths = (whole * 100n) / unit
    const fraction = (hundredths % 100n).toString().padStart(2, '0').replace(/0+$/, '')
    return `${formatInteger(hundredths / 100n)}${fraction === '' ? '' : `.${fraction}`}${suffix}`
  }
  return formatAmount(units, whole >= 100n ? 0 : 2)
}

export function formatInteger(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** Basis points as a percentage: `1250` → `12.5 %`. */
export function formatBasisPoints(bps: number): string {
  return `${(bps / 100).toFixed(2).replace(/\.?0+$/, '')} %`
}

/**
 * What a person types into an amount field, in smallest units; `undefined` when it is not an amount. Commas only between
 * thousands: `1,5` means one and a half to many people and must not become fifteen.
 */
export function parseAmount(text: string): bigint | undefined {
  if (text.includes(',') && !/^\d{1,3}(?:,\d{3})+(?:\.\d*)?$/.test(text.trim())) return undefined
  const cleaned = text.replace(/[,\s_]/g, '')
  const match = /^(\d{0,15})(?:\.(\d{0,8}))?$/.exec(cleaned)
  if (match === null || cleaned === '' || cleaned === '.') return undefined
  return (
    BigInt(match[1] === '' ? '0' : (match[1] ?? '0')) * UNITS_PER_ELF + BigInt((match[2] ?? '').padEnd(DECIMALS, '0'))
  )
}

/** `1 voter`, `2 voters`. */
export function formatCount(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`
}
