/** Genesis sets the values through the registry's params and writes no state. */
export type ConsensusGenesis = Readonly<Record<never, never>>

export function genesis(): void {
  // Nothing to write.
}
