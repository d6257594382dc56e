import type { Registry } from '#contracts/runtime'
import { Claims } from './analysis/claims.ts'
import type { Measuring } from './analysis/costs.ts'
import { Gains } from './analysis/gains.ts'
import type { ExecutionInput, ExecutionOutput, Executor, SerialExecutor } from './executor.ts'
import type { Lanes } from './openLane.ts'
import { createSerialExecutor } from './serial.ts'
import { Sharing } from './sharing.ts'

/** What makes a block worth sharing. The figures are of a machine with two cores; see the benchmark `parallel`. */
export interface BreakEven {
  /** Work of the whole block: below, waking a thread takes a part of what it saves. */
  readonly blockUs: number
  /** Work of a transaction on average: below, moving calls and results takes as long as executing them. */
  readonly callUs: number
  /** Stops for a while when shared blocks are slower than others. */
  readonly backOff?: boolean
}

export const BREAK_EVEN: BreakEven = { blockUs: 3_000, callUs: 5, backOff: true }

export interface ParallelOptions {
  readonly lanes: Lanes
  readonly measuring: Measuring
  readonly breakEven?: BreakEven
}

/** The parallel part of a block. */
interface Expected {
  readonly calls: number
  readonly us: number
}

class ParallelExecutor implements Executor {
  private readonly registry: Registry
  private readonly options: Required<ParallelOptions>
  private readonly serial: SerialExecutor
  private readonly gains = new Gains()
  private readonly claims = new Claims()

  constructor(registry: Registry, options: ParallelOptions) {
    this.registry = registry
    this.options = { breakEven: BREAK_EVEN, ...options }
    this.serial = createSerialExecutor(registry, options.measuring)
  }

  async execute(input: ExecutionInput): Promise<ExecutionOutput> {
    const { breakEven, measuring } = this.options
    const expected = this.expectedOf(input)
    if (expected === undefined) return this.serial.executeInTurns(input)
    const nowUs = measuring.nowUs ?? (() => 0)
    const began = nowUs()
    let othersUs = 0
    const breathe = async (): Promise<void> => {
      const from = nowUs()
      await input.breathe?.()
      othersUs += nowUs() - from
    }
    const count = this.lanesFor(input)
    const shared = count === 0 ? undefined : await this.share(input, count, expected)
    const output =
      shared ?? (await this.serial.executeInTurns(input.breathe === undefined ? input : { ...input, breathe }))
    if (breakEven.backOff === true) this.gains.note(count > 0, expected.us, nowUs() - began - othersUs)
    return output
  }

  /** What the parallel part is expected to take; undefined where it is not worth sharing. */
  private expectedOf({ transactions, upgrade }: ExecutionInput): Expected | undefined {
    const { breakEven, measuring } = this.options
    // A block that begins an era is rare, and its first work is nobody's transaction.
    if (upgrade !== undefined || transactions.length < 2) return undefined
    let us = 0
    let calls = 0
    let [lastContract, lastMethod, lastUs] = ['', -1, -1]
    for (const { contract, method } of transactions) {
      if (contract !== lastContract || method !== lastMethod) {
        lastContract = contract
        lastMethod = method
        const found = this.registry.method(contract, method)
        lastUs = found === undefined || found.method.nonParallel ? -1 : measuring.costs.expect(found)
      }
      if (lastUs < 0) continue
      us += lastUs
      calls += 1
    }
    return us < breakEven.blockUs || us < calls * breakEven.callUs || calls < 2 ? undefined : { calls, us }
  }

  /** How many lanes to use; zero where the block is executed alone. */
  private lanesFor({ parentState }: ExecutionInput): number {
    const { lanes, breakEven } = this.options
    const count = lanes.ready(parentState)
    return breakEven.backOff === true && !this.gains.next() ? 0 : count
  }

  private share(input: ExecutionInput, count: number, expected: Expected): Promise<ExecutionOutput | undefined> {
    const { registry } = this
    const { lanes, measuring } = this.options
    const callUs = expected.us / expected.calls
    return new Sharing(input, { registry, lanes, count, measuring, callUs, claims: this.claims }).execute()
  }
}

/**
 * Executes blocks as the serial executor does, on several threads where that is expected to be faster. Every result is equal to the
 * serial one; where anything is out of the ordinary the serial one is what is done.
 */
export function createParallelExecutor(registry: Registry, options: ParallelOptions): Executor {
  return new ParallelExecutor(registry, options)
}
