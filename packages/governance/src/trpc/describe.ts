import { findEvent, findMethod } from '@aelf/chain/metadata'
import { type ArgumentValue, type EventView, type FieldView, formatAmount } from '#domain'

/** Fields that hold token units although no sentence says so. */
const AMOUNT_FIELDS: readonly string[] = ['amount', 'supply', 'deposit', 'reward', 'burned', 'weight']
const WIDE = /^uint(64|128|256)$/

function readValue(raw: unknown, type: string): ArgumentValue {
  if (WIDE.test(type) && (typeof raw === 'string' || typeof raw === 'number')) return BigInt(raw)
  if (typeof raw === 'string' || typeof raw === 'number' || typeof raw === 'boolean') return raw
  return JSON.stringify(raw)
}

const display = (value: ArgumentValue, isAmount: boolean): string =>
  isAmount && typeof value === 'bigint' ? formatAmount(value) : String(value)

function fieldsOf(
  raw: unknown,
  fields: readonly { name: string; type: string }[],
  isAmount: (name: string) => boolean,
): FieldView[] {
  if (typeof raw !== 'object' || raw === null) return []
  const values = raw as Record<string, unknown>
  const known = fields.filter((field) => values[field.name] !== undefined)
  // A method or event this version does not know is shown as it came.
  const listed = known.length > 0 ? known : Object.keys(values).map((name) => ({ name, type: 'string' }))
  return listed.map(({ name, type }) => {
    const value = readValue(values[name], type)
    return { name, type, value, display: display(value, isAmount(name)) }
  })
}

/** Arguments of a call under their names, amounts written out as the signer saw them. */
export function describeArguments(contract: string, method: string, args: unknown): FieldView[] {
  const descriptor = findMethod(contract, method)
  return fieldsOf(args, descriptor?.abi.args ?? [], (name) => descriptor?.intent.includes(`{${name}:elf}`) ?? false)
}

export function describeEvent(
  row: { position: number; contract: string; contractName: string; name: string; fields: unknown },
  index: number,
): EventView {
  const descriptor = findEvent(row.contractName, row.name)
  return {
    index,
    contract: row.contract as EventView['contract'],
    contractName: row.contractName,
    name: row.name,
    fields: fieldsOf(row.fields, descriptor?.fields ?? [], (name) => AMOUNT_FIELDS.includes(name)),
  }
}

/** The signature line of a method, for instance `function transfer(address to, …)`. */
export const signatureOf = (contract: string, method: string): string =>
  findMethod(contract, method)?.signature ?? `${contract}.${method}`
