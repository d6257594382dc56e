/** No proposal exists before the first is submitted. */
export type ProposalGenesis = Readonly<Record<never, never>>

export function genesis(): void {
  // Nothing to write.
}
