import { type BlockEnvironment, createJournal, type Registry, readView, UNLIMITED } from '#contracts/runtime'
import type { StateReader } from '#kernel'
import { createStopwatch, type Measuring } from './analysis/costs.ts'
import { Assembly, beginBlock, inOrder } from './block.ts'
import type { ExecutionInput, ExecutionOutput, SerialExecutor, Upgrade, UpgradeOutput } from './executor.ts'
import { Admission, feeOfUnsigned, simulateCall } from './single.ts'
import { CHUNK, costSince, type Machine } from './transaction.ts'

/** What the first block of a collection does before its first transaction. */
function upgradeState(
  registry: Registry,
  upgrade: Upgrade,
  on: { state: StateReader; env: BlockEnvironment },
): UpgradeOutput {
  const machine: Machine = { registry, env: on.env, journal: createJournal(on.state) }
  beginBlock(machine, upgrade)
  const { journal } = machine
  return { diff: journal.diff(), written: journal.written(), cost: costSince(journal, { reads: 0, writes: 0 }) }
}

/** A state as the first transaction finds it in the first block of a collection. */
function begin(registry: Registry, upgrade: Upgrade, on: { state: StateReader; env: BlockEnvironment }): StateReader {
  const { diff } = upgradeState(registry, upgrade, on)
  return {
    get: (path) => {
      const changed = diff.get(path)
      return changed === undefined ? on.state.get(path) : (changed ?? undefined)
    },
  }
}

/** Transactions between two turns of others: some milliseconds. */
const TURN: number = 8 * CHUNK

/** Stops now and then between two transactions. */
function* stepsOf(
  registry: Registry,
  input: ExecutionInput,
  measuring: Measuring | undefined,
): Generator<undefined, ExecutionOutput> {
  const machine: Machine = { registry, env: input.env, journal: createJournal(input.parentState) }
  const watch = createStopwatch(measuring)
  const assembly = new Assembly(input.mode, beginBlock(machine, input.upgrade), watch)
  const ordered = inOrder(registry, input)
  for (let from = 0; from < ordered.length; from += CHUNK) {
    if (from > 0 && from % TURN === 0) yield
    assembly.runAll(machine, ordered.slice(from, from + CHUNK), input.feePolicy)
  }
  return assembly.finish(machine)
}

function inOneGo(steps: Generator<undefined, ExecutionOutput>): ExecutionOutput {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

async function inTurns(
  steps: Generator<undefined, ExecutionOutput>,
  breathe: () => Promise<void>,
): Promise<ExecutionOutput> {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    await breathe()
  }
}

/** The reference executor: transactions one after the other on one journal. Every other executor must equal it. */
export function createSerialExecutor(registry: Registry, measuring?: Measuring): SerialExecutor {
  const admission = new Admission(registry)
  return {
    execute: (input) => inOneGo(stepsOf(registry, input, measuring)),
    executeInTurns(input) {
      const steps = stepsOf(registry, input, measuring)
      return input.breathe === undefined ? inOneGo(steps) : inTurns(steps, input.breathe)
    },
    begin: (upgrade, on) => begin(registry, upgrade, on),
    upgrade: (upgrade, on) => upgradeState(registry, upgrade, on),
    verifyForAdmission: (transaction, call) => admission.admit(transaction, call),
    simulate: (call, on) => simulateCall(registry, call, on),
    feeOf: (transaction, feePolicy) => feeOfUnsigned(registry, transaction, feePolicy),
    methodOf: ({ contract, method }) => registry.method(contract, method)?.descriptor,
    view: (call, { state, env }) =>
      readView({ registry, journal: createJournal(state), access: UNLIMITED, block: env }, call),
  }
}
