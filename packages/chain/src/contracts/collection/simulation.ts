import type { Simulation } from '#contracts/runtime'

/** No method, no operation: the simulator has its producers signal. */
export const simulation: Simulation = []
