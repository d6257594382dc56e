import type { Json } from '#db'
import { type Address, NATIVE_SYMBOL } from '#domain'
import type { SourceTransaction } from '../sources/source.ts'
import { addHolding, touchAccount } from './holdings.ts'
import type { BlockScope } from './scope.ts'

/** Account that fees go to. */
export const TREASURY: Address = '0xae1f000000000000000000000000000000000010'
const SYSTEM_PREFIX = '0xae1f00000000000000000000000000000000'
const ADDRESS = /^0x[0-9a-f]{40}$/

const addressesIn = (fields: { readonly [name: string]: Json }): Address[] =>
  Object.values(fields).filter(
    (value): value is Address => typeof value === 'string' && ADDRESS.test(value) && !value.startsWith(SYSTEM_PREFIX),
  )

/** Everyone a transaction concerns besides its sender; contracts and their holding accounts have pages of their own. */
function concerned(transaction: SourceTransaction): Set<Address> {
  const found = new Set(addressesIn(transaction.args))
  for (const event of transaction.events) for (const address of addressesIn(event.fields)) found.add(address)
  return found
}

const directionOf = (transaction: SourceTransaction, address: Address): 'in' | 'mention' =>
  transaction.args['to'] === address || transaction.events.some((event) => event.fields['to'] === address)
    ? 'in'
    : 'mention'

/** Writes a transaction, charges its fee and lists it for the accounts it concerns. */
export async function writeTransaction(
  scope: BlockScope,
  transaction: SourceTransaction,
  position: number,
): Promise<void> {
  const { block, workspace } = scope
  const origin = { height: block.height, blockHash: block.hash, position }
  workspace.add('transactions', {
    ...origin,
    id: transaction.id,
    timeMs: block.timeMs,
    sender: transaction.from,
    contract: transaction.contractAddress,
    contractName: transaction.contract,
    method: transaction.method,
    intent: transaction.intent,
    args: transaction.args,
    success: transaction.success,
    errorCode: transaction.error?.code ?? null,
    errorHelp: transaction.error?.help ?? null,
    fee: transaction.fee,
    feeLimit: transaction.feeLimit,
    refHeight: transaction.refHeight,
    refHash: transaction.refHash,
    nonce: transaction.nonce,
    envelope: transaction.envelope,
  })
  await touchAccount(scope, transaction.from, 1)
  const others = concerned(transaction)
  const isSelf = directionOf(transaction, transaction.from) === 'in'
  workspace.add('activities', {
    ...origin,
    address: transaction.from,
    transactionId: transaction.id,
    direction: isSelf ? 'self' : 'out',
  })
  others.delete(transaction.from)
  for (const address of others) {
    await touchAccount(scope, address, 0)
    workspace.add('activities', {
      ...origin,
      address,
      transactionId: transaction.id,
      direction: directionOf(transaction, address),
    })
  }
  if (transaction.fee === 0n) return
  await addHolding(scope, { address: transaction.from, symbol: NATIVE_SYMBOL }, { available: -transaction.fee })
  await addHolding(scope, { address: TREASURY, symbol: NATIVE_SYMBOL }, { available: transaction.fee })
}
