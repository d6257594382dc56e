/** Memory for numbers while something is worked out, kept for the next time. */
export type Scratch = Int32Array<ArrayBuffer>

/** The same, or more of it with the same beginning. */
export function withLength(scratch: Scratch, length: number): Scratch {
  if (length <= scratch.length) return scratch
  const next = new Int32Array(length > 2 * scratch.length ? length : 2 * scratch.length)
  next.set(scratch)
  return next
}
