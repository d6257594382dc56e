/** The election opens the first term when its own genesis is complete; nothing is written before. */
export type RewardGenesis = Readonly<Record<never, never>>

export function genesis(): void {
  // Nothing to write.
}
