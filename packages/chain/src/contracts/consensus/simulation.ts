import type { Simulation } from '#contracts/runtime'

/** No method, no operation. */
export const simulation: Simulation = []
