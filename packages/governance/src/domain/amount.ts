import { type Amount, UNITS_PER_TOKEN } from './values.ts'

/** Smallest units as people write them: `1,200.5`. Eight decimals, trailing zeros left out. */
export function formatAmount(amount: Amount): string {
  const sign = amount < 0n ? '-' : ''
  const positive = amount < 0n ? -amount : amount
  const whole = (positive / UNITS_PER_TOKEN).toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const fraction = (positive % UNITS_PER_TOKEN).toString().padStart(8, '0').replace(/0+$/, '')
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}
