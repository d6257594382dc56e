import type { ExecuteContext, ViewContext } from './context.ts'

/** A slice of another contract, known by name only. Type parameters: what it reads, does, and declares to touch. */
export interface Port<Reads = unknown, Calls = unknown, Declares = unknown> {
  readonly name: string
  /** Type carrier only. */
  readonly types?: { readonly reads: Reads; readonly calls: Calls; readonly declares: Declares }
}

/** Names a need for another contract. */
export function definePort<Reads, Calls, Declares>(name: string): Port<Reads, Calls, Declares> {
  return { name }
}

/** What a contract offers behind a port; contexts given here act as the offering contract. */
export interface PortProvider<Reads, Calls, Declares> {
  /** Name of the offering contract. */
  readonly contract: string
  reads(ctx: ViewContext): Reads
  calls(ctx: ExecuteContext): Calls
  readonly declares: Declares
}

/** A port with its provider; the type check between both happens in `bindPort`. */
export interface PortBinding {
  readonly port: string
  readonly provider: PortProvider<unknown, unknown, unknown>
}

/** Joins a need with an offer of the same shape. */
export function bindPort<Reads, Calls, Declares>(
  port: Port<Reads, Calls, Declares>,
  provider: PortProvider<Reads, Calls, Declares>,
): PortBinding {
  return { port: port.name, provider }
}
