/** What one direction of a link does to the bytes that pass. Chances are in thousandths of a piece as the system hands it over. */
export interface Rules {
  /** Every piece waits this long … */
  readonly delayMs: number
  /** … give or take up to this much; order stays as it is. */
  readonly jitterMs: number
  /** 0: as fast as the machine. */
  readonly bytesPerSecond: number
  /** Bytes wait until the rule ends, as in a network that is cut and mended. */
  readonly hold: boolean
  /** Bytes vanish; what went through such a link is cut when the rule ends. */
  readonly swallow: boolean
  /** The connection breaks at a piece. */
  readonly breakChance: number
  /** The direction stands still for `stallMs` at a piece. */
  readonly stallChance: number
  readonly stallMs: number
  /** One bit of a piece flips. */
  readonly corruptChance: number
  /** A piece comes twice. */
  readonly duplicateChance: number
  /** Two pieces change places. */
  readonly reorderChance: number
  /** After so many bytes of a connection its end is sent, though more would come. 0: never. */
  readonly truncateAfter: number
  /** After so many bytes of a connection nothing more passes and nobody is told. 0: never. */
  readonly deafAfter: number
}

export const CLEAN: Rules = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: 0,
  hold: false,
  swallow: false,
  breakChance: 0,
  stallChance: 0,
  stallMs: 0,
  corruptChance: 0,
  duplicateChance: 0,
  reorderChance: 0,
  truncateAfter: 0,
  deafAfter: 0,
}

export type Direction = 'there' | 'back'
