import type { Bytes } from '#primitives'
import { GOSSIP_FRAME_BYTES } from './limits.ts'

/** Bytes of a length in front of a gossip frame: seven bits each. */
const MAX_LENGTH_BYTES = 5

/** Follows the frames of a gossip stream without keeping them: how many begin, and whether one is too long. */
export class GossipMeter {
  private length = 0
  private lengthBytes = 0
  private rest = 0

  /** Frames that begin in this chunk, or undefined when one is longer than any may be. */
  frames(chunk: Bytes): number | undefined {
    let begun = 0
    let at = 0
    while (at < chunk.length) {
      if (this.rest > 0) {
        const skipped = Math.min(this.rest, chunk.length - at)
        this.rest -= skipped
        at += skipped
        continue
      }
      const byte = chunk[at] ?? 0
      at += 1
      this.length += (byte & 127) * 2 ** (7 * this.lengthBytes)
      this.lengthBytes += 1
      if (this.lengthBytes > MAX_LENGTH_BYTES || this.length > GOSSIP_FRAME_BYTES) return undefined
      if (byte < 128) {
        begun += 1
        this.rest = this.length
        this.length = 0
        this.lengthBytes = 0
      }
    }
    return begun
  }
}
