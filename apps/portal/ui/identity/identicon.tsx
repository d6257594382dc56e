import type { ReactNode } from 'react'

/** Eight hues far enough apart to tell two accounts from each other; shape carries the difference where colour cannot. */
const HUES: readonly number[] = [192, 256, 48, 152, 305, 85, 22, 225]
const SIZE = 4

/**
 * A picture of an address: four tiles of quarter-discs, squares and diamonds, mirrored, in two tones of one hue.
 * Decorative; the address always stands beside it.
 */
export function Identicon({ address, size = 24 }: { address: string; size?: number }) {
  const at = nibblesOf(address)
  const hue = HUES[(at(2) * 16 + at(3)) % HUES.length] ?? 192
  const back = `light-dark(oklch(0.93 0.04 ${hue}), oklch(0.30 0.05 ${hue}))`
  const front = `light-dark(oklch(0.52 0.12 ${hue}), oklch(0.76 0.12 ${hue}))`
  const accent = `light-dark(oklch(0.72 0.11 ${hue + 40}), oklch(0.56 0.11 ${hue + 40}))`
  const tiles: ReactNode[] = []
  for (let row = 0; row < SIZE; row += 1) {
    for (let column = 0; column < SIZE / 2; column += 1) {
      const seed = at(5 + row * 4 + column * 2)
      const tone = at(6 + row * 4 + column * 2) % 3 === 0 ? accent : front
      tiles.push(
        tile({ seed, x: column, y: row, tone, mirrored: false }),
        tile({ seed, x: SIZE - 1 - column, y: row, tone, mirrored: true }),
      )
    }
  }
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={size}
      height={size}
      viewBox="0 0 4 4"
      className="shrink-0 overflow-hidden rounded-[28%]"
      style={{ background: back }}
    >
      {tiles}
    </svg>
  )
}

/** Digits drawn from the whole address, so that contracts, whose addresses are mostly zeros, have faces too. */
function nibblesOf(address: string): (index: number) => number {
  let state = 0x811c9dc5
  for (const character of address.toLowerCase()) state = Math.imul(state ^ character.charCodeAt(0), 0x01000193) >>> 0
  return (index) => {
    const mixed = Math.imul(state ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 0
    return (mixed ^ (mixed >>> 15)) & 15
  }
}

function tile({
  seed,
  x,
  y,
  tone,
  mirrored,
}: {
  seed: number
  x: number
  y: number
  tone: string
  mirrored: boolean
}): ReactNode {
  const key = `${x}-${y}`
  const transform = mirrored ? `translate(${x + 1} ${y}) scale(-1 1)` : `translate(${x} ${y})`
  switch (seed % 6) {
    case 0:
      return null
    case 1:
      return <rect key={key} transform={transform} width="1" height="1" fill={tone} />
    case 2:
      return <path key={key} transform={transform} d="M0 0H1A1 1 0 0 1 0 1Z" fill={tone} />
    case 3:
      return <path key={key} transform={transform} d="M1 1H0A1 1 0 0 1 1 0Z" fill={tone} />
    case 4:
      return <path key={key} transform={transform} d="M0.5 0L1 0.5L0.5 1L0 0.5Z" fill={tone} />
    default:
      return <circle key={key} transform={transform} cx="0.5" cy="0.5" r="0.38" fill={tone} />
  }
}
