import { assert, type Bytes } from '#primitives'

export type RegionBuffer = SharedArrayBuffer | ArrayBuffer

interface GrowableBuffer extends SharedArrayBuffer {
  grow(bytes: number): void
}

/** Newer than the library the types are of. */
type GrowableConstructor = new (bytes: number, options: { readonly maxByteLength: number }) => GrowableBuffer

/** Memory that grows in place. Views are of fixed length and made anew when it grows: those that follow a buffer's length are slow. */
export interface Region {
  readonly buffer: RegionBuffer
  readonly words: Int32Array
  readonly bytes: Bytes
}

const FIRST_BYTES = 65_536
/** Small chains stay small, large ones do not take twice what they need. */
const STEP_BYTES = 16_777_216
/** Below what one view can cover. Only addresses are reserved, memory comes with use. */
export const MAX_REGION_BYTES: number = 4_294_967_296 - STEP_BYTES

const viewsOf = (buffer: RegionBuffer): Region => ({
  buffer,
  words: new Int32Array(buffer, 0, buffer.byteLength >> 2),
  bytes: new Uint8Array(buffer, 0, buffer.byteLength) as Bytes,
})

const isGrowable = (buffer: RegionBuffer): buffer is GrowableBuffer => 'growable' in buffer && buffer.growable === true

/** Shared with other threads where the platform allows it; a page of a browser that may not share has memory of its own. */
export function openRegion(): Region {
  if (typeof SharedArrayBuffer !== 'undefined' && 'grow' in SharedArrayBuffer.prototype) {
    const Growable = SharedArrayBuffer as unknown as GrowableConstructor
    for (let limit = MAX_REGION_BYTES; limit > STEP_BYTES; limit = limit >>> 1) {
      try {
        return viewsOf(new Growable(FIRST_BYTES, { maxByteLength: limit }))
      } catch {
        // So many addresses are not to be had: a process may be limited in them.
      }
    }
  }
  return viewsOf(new ArrayBuffer(FIRST_BYTES))
}

/** The same memory with more room. The former views stay good for what they cover while the buffer can grow, and are given up otherwise. */
export function grown(region: Region): Region {
  const { buffer } = region
  const { byteLength } = buffer
  const wanted = byteLength < STEP_BYTES ? byteLength * 2 : byteLength + STEP_BYTES
  assert(wanted <= MAX_REGION_BYTES, 'the state fits the memory of its tree')
  if (isGrowable(buffer)) {
    buffer.grow(wanted)
    return viewsOf(buffer)
  }
  const next = viewsOf(new ArrayBuffer(wanted))
  next.words.set(region.words)
  return next
}

/** Views over all of a buffer that another thread has grown. */
export function openViews(buffer: RegionBuffer): Region {
  return viewsOf(buffer)
}
