/** First and last code points of characters that steer, have no width, or change the order of reading. */
const RANGES: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
]

const LOWEST_VISIBLE = 0x20
const ASCII_END = 0x7f

/** Line feeds and tabs are not among them. */
export function isInvisible(code: number): boolean {
  if (code >= LOWEST_VISIBLE && code < ASCII_END) return false
  return RANGES.some(([first, last]) => code >= first && code <= last)
}

/** Makes such characters visible: `⟦U+202E⟧`. */
export function showInvisible(text: string): string {
  let shown = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const isHalf = code >= 0xd800 && code <= 0xdfff
    shown += isHalf || isInvisible(code) ? `⟦U+${code.toString(16).toUpperCase().padStart(4, '0')}⟧` : character
  }
  return shown
}
