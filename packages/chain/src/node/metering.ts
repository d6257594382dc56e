import type { DposProposeInput, DposState } from '#consensus/dpos'
import type { ImportResult, Ledger } from '#ledger'

/** Counts what a node does. */
export interface NodeMeter {
  imported(seconds: number): void
  produced(): void
}

/** The ways into the ledger, timed. */
export function meterImports(ledger: Ledger<DposState, DposProposeInput>, meter: NodeMeter): void {
  const importBlock = ledger.importBlock.bind(ledger)
  const importBlocks = ledger.importBlocks.bind(ledger)
  const count = (began: number, result: ImportResult<DposState> | undefined): void => {
    if (result?.status !== 'imported') return
    const seconds = (performance.now() - began) / 1000
    for (const _ of result.nodes) meter.imported(seconds / result.nodes.length)
  }
  ledger.importBlock = async (...args) => {
    const began = performance.now()
    const result = await importBlock(...args)
    count(began, result)
    return result
  }
  ledger.importBlocks = async (...args) => {
    const began = performance.now()
    const batch = await importBlocks(...args)
    count(began, batch.result)
    return batch
  }
}
