import { decodeFields, encodeFields, type FieldValue, type FieldValues, statePath } from '#kernel'
import { type Address, assert, type Bytes, type Hash, ZERO_HASH } from '#primitives'
import type { BlockEnvironment, DeclareEnvironment, Environment, ExecuteContext } from './context.ts'
import { ContractFailure, RuntimeError, undeclaredAccess } from './error.ts'
import { encodeKey, type Item, partitionOfKey } from './item.ts'
import type { Journal } from './journal.ts'
import type { Port } from './port.ts'
import type { Registry } from './registry.ts'
import type { Access, AccessSet } from './resource.ts'
import type { ViewValue } from './view.ts'

/** What every call made for one transaction, hook or view shares. */
export interface Scope {
  readonly registry: Registry
  readonly journal: Journal
  readonly access: AccessSet
  readonly block: BlockEnvironment
  readonly from: Address
  readonly transactionId: Hash
}

/** Where an entry lives, after checking that the running contract may touch it. */
interface Place {
  readonly path: Hash
  readonly key: Bytes
}

function placeOf(scope: Scope, self: Address, item: Item, key: Bytes, access: Access): Place {
  assert(item.address === self, `${item.name} is the state of another contract`)
  if (!scope.access.allows(access, item, partitionOfKey(item, key))) {
    throw new ContractFailure(undeclaredAccess, { contract: item.contract.name, item: item.name, access })
  }
  return { path: statePath(item.address, item.number, key), key }
}

const amountOf = (item: Item, bytes: Bytes | undefined): bigint => {
  if (bytes === undefined) return 0n
  const amount: FieldValue | undefined = decodeFields(item.value, bytes)['amount']
  assert(typeof amount === 'bigint', `${item.name} does not hold a counter`)
  return amount
}

function writeCounter(scope: Scope, item: Item, place: Place, amount: bigint): void {
  assert(amount >= 0n, `${item.name} would fall below zero`)
  const bytes = amount === 0n ? null : encodeFields(item.value, { amount })
  scope.journal.set(place.path, bytes, { item, key: place.key })
}

function createEnvironment(scope: Scope, self: Address, caller: Address): Environment {
  const { registry, block } = scope
  return {
    ...block,
    from: scope.from,
    self,
    caller,
    transactionId: scope.transactionId,
    param: (name) => registry.param(self, name, block.height),
  }
}

/**
 * The one implementation of all contexts, acting as contract `self`. Verify and view code receives it under a type
 * without the powers to write.
 */
export function createContext(scope: Scope, self: Address, caller: Address): ExecuteContext {
  const { journal, registry } = scope
  const place = (item: Item, key: object, access: Access): Place =>
    placeOf(scope, self, item, encodeKey(item, key as never), access)
  const provider = (port: Port) => {
    const found = registry.provider(port.name)
    return { found, ctx: createContext(scope, registry.contract(found.contract).address, self) }
  }
  return {
    env: createEnvironment(scope, self, caller),
    get: (item, key) => {
      const bytes = journal.get(place(item, key, 'read').path)
      // Stored bytes were encoded with the same field list.
      return bytes === undefined ? undefined : (decodeFields(item.value, bytes) as never)
    },
    count: (item, key) => amountOf(item, journal.get(place(item, key, 'read').path)),
    set: (item, key, value) => {
      const at = place(item, key, 'write')
      const fields = value as FieldValues
      if (item.counter) {
        const amount = fields['amount']
        assert(typeof amount === 'bigint', 'a counter holds a bigint')
        return writeCounter(scope, item, at, amount)
      }
      journal.set(at.path, encodeFields(item.value, fields), { item, key: at.key })
    },
    delete: (item, key) => {
      const at = place(item, key, 'write')
      journal.set(at.path, null, { item, key: at.key })
    },
    add: (item, key, delta) => {
      const at = place(item, key, 'add')
      writeCounter(scope, item, at, amountOf(item, journal.get(at.path)) + delta)
    },
    emit: (event, fields) =>
      journal.emit({ contract: self, number: event.number, data: encodeFields(event.fields, fields as FieldValues) }),
    // `bindPort` checked that the provider fits the port.
    read: (port) => {
      const { found, ctx } = provider(port)
      return found.reads(ctx) as never
    },
    call: (port) => {
      const { found, ctx } = provider(port)
      return found.calls(ctx) as never
    },
    signal: (signal) => journal.signal(signal),
    fail: (error) => {
      throw new ContractFailure(error)
    },
  }
}

/** Environment of `resources`: no state. */
export function createDeclareEnvironment(
  registry: Registry,
  block: BlockEnvironment,
  call: { readonly from: Address; readonly transactionId: Hash },
): DeclareEnvironment {
  return { ...block, ...call, declares: (port) => registry.provider(port.name).declares as never }
}

/** Runs a view over a state. Values are checked against the view's fields; throws `runtime.arguments`. */
export function readView(
  scope: Omit<Scope, 'from' | 'transactionId'>,
  call: { readonly contract: string; readonly view: string; readonly args: FieldValues },
): ViewValue {
  const contract = scope.registry.contract(call.contract)
  const view = scope.registry.view(call.contract, call.view)
  try {
    encodeFields(view.args, call.args)
  } catch (cause) {
    throw new RuntimeError('runtime.arguments', `${call.contract}.${call.view} takes other arguments`, { cause })
  }
  const ctx = createContext(
    { ...scope, from: contract.address, transactionId: ZERO_HASH },
    contract.address,
    contract.address,
  )
  return view.read(ctx, call.args)
}
