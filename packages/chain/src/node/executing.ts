import { availableParallelism } from 'node:os'
import { type MainChain, mainCollectionHash } from '#chains'
import { createCostBook, createEraExecutor, type EraExecutor, type Eras, type Measuring } from '#executor'
import { createLaneThreads, type LaneThreads } from '#executor/workers'
import type { Hash, Logger } from '#primitives'

/** What a thread needs to have the contracts of a chain. */
export interface LaneSetup {
  /** The collection that is part of the program. */
  readonly builtIn: Hash
  readonly params: Readonly<Record<string, bigint>>
  /** Where installed bundles are; none when left out. */
  readonly bundleFolder?: string
}

/** More than this many threads have never been measured. */
export const MAX_LANES = 16

/** Threads beside the one that runs the node: as many as there are other cores. */
export const defaultLanes = (): number => Math.min(availableParallelism() - 1, MAX_LANES)

/** Measures what methods take, by the machine's clock. */
export function createMeasuring(): Measuring {
  return { costs: createCostBook(), nowUs: () => performance.now() * 1000 }
}

export interface NodeExecutorOptions {
  readonly chain: MainChain
  readonly eras: Eras
  readonly logger: Logger
  /** Threads that execute parts of blocks; zero for none. */
  readonly lanes: number
  readonly bundleFolder?: string
}

/** The executor of a node that runs by itself, with threads for blocks that are worth it. */
export function createNodeExecutor(options: NodeExecutorOptions): { executor: EraExecutor; close(): Promise<void> } {
  const { chain, eras, logger, lanes, bundleFolder } = options
  const measuring = createMeasuring()
  if (lanes === 0) return { executor: createEraExecutor(eras, { measuring }), close: () => Promise.resolve() }
  const setup: LaneSetup = {
    builtIn: mainCollectionHash,
    params: chain.params,
    ...(bundleFolder === undefined ? {} : { bundleFolder }),
  }
  const threads: LaneThreads = createLaneThreads({
    count: lanes,
    program: { url: new URL('./laneProgram.js', import.meta.url) },
    setup,
    onFailure: (reason) =>
      logger.warn('A thread for executing blocks failed; its block was executed without it', { reason }),
  })
  const executor = createEraExecutor(eras, { measuring, lanes: ({ hash }) => threads.lanes(hash) })
  return { executor, close: () => threads.close() }
}
