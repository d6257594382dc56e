import { decodeFields, encodeFields, type FieldValue, type FieldValues, statePath } from '#kernel'
import { type Address, assert, type Bytes, type Hash, ZERO_HASH } from '#primitives'
import type { BlockEnvironment, DeclareEnvironment, Environment, ExecuteContext } from './context.ts'
import { ContractFailure, RuntimeError, undeclaredAccess } from './error.ts'
import { encodeKey, type Item, partitionOfKey } from './item.ts'
import type { Journal, Place } from './journal.ts'
import type { Port } from './port.ts'
import type { Registry } from './registry.ts'
import { type Access, type AccessSet, partitionKey } from './resource.ts'
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

/** Tells apart the keys of an item without encoding them: texts carry their length, other values hold no separator. */
function placeId(item: Item, key: FieldValues): string {
  let id = `${item.address}/${item.number}`
  for (const { name } of item.key) {
    const value = key[name]
    id += typeof value === 'string' ? `/${value.length}:${value}` : `/${value}`
  }
  return id
}

function findPlace(journal: Journal, item: Item, key: FieldValues): Place {
  const id = placeId(item, key)
  const known = journal.places.get(id)
  if (known !== undefined) return known
  const bytes = encodeKey(item, key as never)
  const found = {
    item,
    key: bytes,
    path: statePath(item.address, item.number, bytes),
    partition: partitionKey(item, partitionOfKey(item, bytes)),
  }
  journal.places.set(id, found)
  return found
}

/** Where an entry lives, after checking that the running contract may touch it. */
function placeOf(scope: Scope, self: Address, wanted: { item: Item; key: FieldValues; access: Access }): Place {
  const { item, key, access } = wanted
  assert(item.address === self, `${item.name} is the state of another contract`)
  const place = findPlace(scope.journal, item, key)
  if (!scope.access.allows(access, place.partition)) {
    throw new ContractFailure(undeclaredAccess, { contract: item.contract.name, item: item.name, access })
  }
  return place
}

const amountOf = (item: Item, bytes: Bytes | undefined): bigint => {
  if (bytes === undefined) return 0n
  const amount: FieldValue | undefined = decodeFields(item.value, bytes)['amount']
  assert(typeof amount === 'bigint', `${item.name} does not hold a counter`)
  return amount
}

function writeCounter(journal: Journal, place: Place, amount: bigint): void {
  assert(amount >= 0n, `${place.item.name} would fall below zero`)
  journal.set(place, amount === 0n ? null : encodeFields(place.item.value, { amount }))
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
  // Key objects have the item's own fields, whatever their static type says.
  const place = (item: Item, key: object, access: Access): Place =>
    placeOf(scope, self, { item, key: key as FieldValues, access })
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
        return writeCounter(journal, at, amount)
      }
      journal.set(at, encodeFields(item.value, fields))
    },
    delete: (item, key) => {
      journal.set(place(item, key, 'write'), null)
    },
    add: (item, key, delta) => {
      const at = place(item, key, 'add')
      writeCounter(journal, at, amountOf(item, journal.get(at.path)) + delta)
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
