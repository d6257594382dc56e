import { orderOfPaths, TREE_PAGES } from '#kernel'
import type { Bytes } from '#primitives'

const PATH_BYTES = 32
/** Memory is taken by so much, and by more for a value that does not fit. */
const CHUNK_WORDS = 524_288
const HEAD_WORDS = 3
const NOWHERE = -1

interface ResizableBuffer extends ArrayBuffer {
  resize(bytes: number): void
}

/** Newer than the library the types are of. */
type ResizableConstructor = new (bytes: number, options: { readonly maxByteLength: number }) => ResizableBuffer

const Resizable = ArrayBuffer as unknown as ResizableConstructor

/** Changes in path order, each path once. */
export interface NewestChanges {
  readonly paths: Bytes
  readonly values: readonly (Bytes | null)[]
}

const NONE: NewestChanges = { paths: new Uint8Array(0), values: [] }

interface Chunk {
  readonly buffer: ResizableBuffer
  readonly words: Int32Array
  readonly bytes: Bytes
}

function chunkOf(bytes: number): Chunk {
  const buffer = new Resizable(bytes, { maxByteLength: bytes })
  return { buffer, words: new Int32Array(buffer, 0, bytes >> 2), bytes: new Uint8Array(buffer, 0, bytes) }
}

/**
 * What blocks changed, page by page, until the page is read: so that each value is put into the tree once, as it was last. Path and value
 * are copied into large pieces of memory: objects of their own would take several times as much, and these are given back without waiting for
 * the collector, which a node that has just started does not call for long.
 *
 * A change is three words (where the next one of its page is, how many blocks below the first one, the length of the value or -1 where there
 * is none), the path and the value. Its place is the word it begins at, chunks counted as if all were of one size.
 */
export class ChangeLog {
  private readonly chunks: Chunk[] = []
  /** Words of the last chunk. */
  private used = CHUNK_WORDS
  private first: bigint | undefined
  /** Of each page the first change, which is the newest, and the last one. */
  private readonly heads: number[] = new Array<number>(TREE_PAGES).fill(NOWHERE)
  private readonly tails: number[] = new Array<number>(TREE_PAGES).fill(NOWHERE)

  /** Adds a change of a block that is not newer than those before. */
  add(height: bigint, path: Bytes, value: Bytes | null): void {
    this.first ??= height
    const length = value === null ? 0 : value.length
    const needed = HEAD_WORDS + ((PATH_BYTES + length + 3) >> 2)
    if (this.used + needed > CHUNK_WORDS) {
      this.chunks.push(chunkOf(4 * (needed > CHUNK_WORDS ? needed : CHUNK_WORDS)))
      this.used = 0
    }
    const { words, bytes } = this.chunks.at(-1) as Chunk
    words[this.used] = NOWHERE
    words[this.used + 1] = Number(this.first - height)
    words[this.used + 2] = value === null ? -1 : length
    const at = (this.used + HEAD_WORDS) * 4
    bytes.set(path, at)
    if (value !== null) bytes.set(value, at + PATH_BYTES)
    this.link(path[0] as number, (this.chunks.length - 1) * CHUNK_WORDS + this.used)
    this.used += needed
  }

  /** The newest change of each path of a page after a height. They are forgotten here. */
  take(page: number, above: bigint): NewestChanges {
    const places = this.placesOf(page, above)
    if (places.length === 0) return NONE
    const given = new Uint8Array(places.length * PATH_BYTES)
    for (const [index, place] of places.entries()) given.set(this.bytesAt(place, 0, PATH_BYTES), index * PATH_BYTES)
    const paths = new Uint8Array(given.length)
    const values: (Bytes | null)[] = []
    let last = -1
    for (const index of orderOfPaths(given)) {
      const path = given.subarray(index * PATH_BYTES, (index + 1) * PATH_BYTES)
      // Of equal paths the newest change comes first.
      if (last >= 0 && path.every((byte, at) => byte === given[last * PATH_BYTES + at])) continue
      last = index
      paths.set(path, values.length * PATH_BYTES)
      const place = places[index] as number
      const length = this.wordAt(place, 2)
      values.push(length < 0 ? null : this.bytesAt(place, PATH_BYTES, length))
    }
    return { paths: paths.subarray(0, values.length * PATH_BYTES), values }
  }

  /** Gives the memory back. Nothing is added or taken after that. */
  close(): void {
    for (const { buffer } of this.chunks) buffer.resize(0)
  }

  private link(page: number, place: number): void {
    const tail = this.tails[page] as number
    if (tail === NOWHERE) this.heads[page] = place
    else {
      this.chunkAt(tail).words[tail % CHUNK_WORDS] = place
    }
    this.tails[page] = place
  }

  private placesOf(page: number, above: bigint): number[] {
    const places: number[] = []
    if (this.first === undefined) return places
    const depth = Number(this.first - above)
    for (let place = this.heads[page] as number; place !== NOWHERE; place = this.wordAt(place, 0)) {
      // The others are older still.
      if (this.wordAt(place, 1) >= depth) break
      places.push(place)
    }
    this.heads[page] = NOWHERE
    this.tails[page] = NOWHERE
    return places
  }

  private chunkAt(place: number): Chunk {
    return this.chunks[(place - (place % CHUNK_WORDS)) / CHUNK_WORDS] as Chunk
  }

  private wordAt(place: number, index: number): number {
    return this.chunkAt(place).words[(place % CHUNK_WORDS) + index] as number
  }

  /** A copy of bytes behind the words of a change. */
  private bytesAt(place: number, from: number, length: number): Bytes {
    const start = ((place % CHUNK_WORDS) + HEAD_WORDS) * 4 + from
    return this.chunkAt(place).bytes.slice(start, start + length)
  }
}
