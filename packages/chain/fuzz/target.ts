import type { Bytes } from '#primitives'

/** What is wrong, or nothing. */
export type Complaint = string | undefined

/** One message, ready to be delivered; only the delivery is timed. */
export interface Shot {
  readonly bytes: Bytes
  deliver(): Complaint | Promise<Complaint>
  /** A longer look at what came back, after the delivery. */
  judge?(): Complaint
}

/** A run of messages over one state, repeatable from its seed. */
export interface Episode {
  next(): Shot
  /** Last looks at the state, and the end of everything it opened. */
  close(): Promise<Complaint>
}

/** A mistake planted by the harness, so that a run can prove that it would have found it. */
export type Plant =
  | 'decoder'
  | 'canonical'
  | 'peer'
  | 'handler'
  | 'fork'
  | 'finality'
  | 'stall'
  | 'leak'
  | 'rpc'
  | 'internal'
  | 'moved'
  | 'socket'
  | 'secret'
  | 'deaf'
  | 'gone'

export interface Target {
  readonly name: string
  /** Messages of one episode. */
  readonly episode: number
  open(seed: string, plant: Plant | undefined): Promise<Episode>
}

/** A message that broke a rule. */
export interface Finding {
  readonly target: string
  readonly episode: string
  readonly index: number
  readonly what: string
  readonly bytes: Bytes
}

export const sayError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error)
