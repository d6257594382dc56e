import type { Event } from '#contracts/runtime'

/** Parameters change with the height, not by a transaction: nothing to report. */
export const events: readonly Event[] = []
