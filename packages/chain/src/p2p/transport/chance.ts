import type { Rng } from '#primitives'
import { MAX_DIAL_WAIT_MS, MIN_DIAL_WAIT_MS } from './limits.ts'

/** A number from 0 up to, not including, 1. */
function chance(rng: Rng): number {
  const [a = 0, b = 0, c = 0] = rng.bytes(3)
  return (a * 65_536 + b * 256 + c) / 16_777_216
}

export function pick<T>(rng: Rng, list: readonly T[]): T | undefined {
  return list[Math.floor(chance(rng) * list.length)]
}

/** Some of a list, in an order of chance. */
export function some<T>(rng: Rng, list: readonly T[], most: number): T[] {
  const rest = [...list]
  const taken: T[] = []
  while (taken.length < most && rest.length > 0) {
    taken.push(...rest.splice(Math.floor(chance(rng) * rest.length), 1))
  }
  return taken
}

/** Wait after so many failures: doubles with each; between half and the whole of it, so that nodes do not all try at once. */
export function waitMs(rng: Rng, failures: number): number {
  const whole = Math.min(MIN_DIAL_WAIT_MS * 2 ** Math.min(failures, 16), MAX_DIAL_WAIT_MS)
  return whole / 2 + (whole / 2) * chance(rng)
}
