import { KernelError } from '../error.ts'

/** Value from a height on. */
export interface ParamStep {
  readonly fromHeight: bigint
  readonly value: bigint
}

/** Steps by name, rising in height, the first at 0. */
export type ParamTable = ReadonlyMap<string, readonly ParamStep[]>

/** Checks and freezes parameter steps. A plain bigint stands for one value from height 0. Throws `param.order`. */
export function defineParams(values: Readonly<Record<string, bigint | readonly ParamStep[]>>): ParamTable {
  const table = new Map<string, readonly ParamStep[]>()
  for (const [name, given] of Object.entries(values)) {
    const steps = typeof given === 'bigint' ? [{ fromHeight: 0n, value: given }] : given
    let previous = -1n
    for (const [index, step] of steps.entries()) {
      const ordered = index === 0 ? step.fromHeight === 0n : step.fromHeight > previous
      if (!ordered)
        throw new KernelError('param.order', `${name}: steps start at height 0 and rise`, { details: { name } })
      previous = step.fromHeight
    }
    if (steps.length === 0) throw new KernelError('param.order', `${name}: no value`, { details: { name } })
    table.set(name, steps)
  }
  return table
}

/** Value in force at a height. Throws `param.unknown`. */
export function paramAt(table: ParamTable, name: string, height: bigint): bigint {
  const steps = table.get(name)
  if (!steps) throw new KernelError('param.unknown', `no parameter ${name}`, { details: { name } })
  let value = (steps[0] as ParamStep).value
  for (const step of steps) {
    if (step.fromHeight > height) break
    value = step.value
  }
  return value
}

/** The table with one more step. Throws `param.order` when the height is not above the last step's. */
export function withParam(table: ParamTable, name: string, step: ParamStep): ParamTable {
  const steps = table.get(name) ?? []
  const last = steps.at(-1)
  if (last ? step.fromHeight <= last.fromHeight : step.fromHeight !== 0n) {
    throw new KernelError('param.order', `${name}: steps start at height 0 and rise`, { details: { name } })
  }
  return new Map(table).set(name, [...steps, step])
}
