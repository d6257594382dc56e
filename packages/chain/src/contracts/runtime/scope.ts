import { decodeFields, encodeFields, type FieldValues, statePath } from '#kernel'
import { type Address, assert, type Bytes, type Hash, reader, writer, ZERO_HASH } from '#primitives'
import type { BlockEnvironment, DeclareEnvironment, Environment, ExecuteContext } from './context.ts'
import { type ContractError, ContractFailure, RuntimeError, undeclaredAccess } from './error.ts'
import type { Event } from './event.ts'
import type { FieldsOf } from './fields.ts'
import { type Counter, encodeKey, type Item, partitionOfKey } from './item.ts'
import type { EngineSignal, Journal, Place } from './journal.ts'
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
  assert(item.counter, `${item.name} does not hold a counter`)
  // A counter's value is one uint256, see `defineCounter`.
  const input = reader(bytes)
  const amount = input.u256()
  input.end()
  return amount
}

function writeCounter(journal: Journal, place: Place, amount: bigint): void {
  assert(amount >= 0n, `${place.item.name} would fall below zero`)
  journal.set(place, amount === 0n ? null : writer().u256(amount).finish())
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

/** A context acting as contract `self`. One is made for every charge and call, so what it can do stands in the class. */
class Context implements ExecuteContext {
  private readonly scope: Scope
  private readonly self: Address
  private readonly caller: Address
  private environment: Environment | undefined

  constructor(scope: Scope, self: Address, caller: Address) {
    this.scope = scope
    this.self = self
    this.caller = caller
  }

  get env(): Environment {
    this.environment ??= createEnvironment(this.scope, this.self, this.caller)
    return this.environment
  }

  get<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>): FieldsOf<V> | undefined {
    const bytes = this.scope.journal.get(this.place(item, key, 'read').path)
    // Stored bytes were encoded with the same field list.
    return bytes === undefined ? undefined : (decodeFields(item.value, bytes) as never)
  }

  count<K extends string>(item: Counter<K>, key: FieldsOf<K>): bigint {
    return amountOf(item, this.scope.journal.get(this.place(item, key, 'read').path))
  }

  set<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>, value: FieldsOf<V>): void {
    const at = this.place(item, key, 'write')
    const fields = value as FieldValues
    if (item.counter) {
      const amount = fields['amount']
      assert(typeof amount === 'bigint', 'a counter holds a bigint')
      writeCounter(this.scope.journal, at, amount)
      return
    }
    this.scope.journal.set(at, encodeFields(item.value, fields))
  }

  delete<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>): void {
    this.scope.journal.set(this.place(item, key, 'write'), null)
  }

  add<K extends string>(item: Counter<K>, key: FieldsOf<K>, delta: bigint): void {
    const { journal } = this.scope
    const at = this.place(item, key, 'add')
    writeCounter(journal, at, amountOf(item, journal.get(at.path)) + delta)
  }

  emit<F extends string>(event: Event<F>, fields: FieldsOf<F>): void {
    const data = encodeFields(event.fields, fields as FieldValues)
    this.scope.journal.emit({ contract: this.self, number: event.number, data })
  }

  // `bindPort` checked that the provider fits the port.
  read<R, C, D>(port: Port<R, C, D>): R {
    const { found, ctx } = this.provider(port.name)
    return found.reads(ctx) as never
  }

  call<R, C, D>(port: Port<R, C, D>): C {
    const { found, ctx } = this.provider(port.name)
    return found.calls(ctx) as never
  }

  signal(signal: EngineSignal): void {
    this.scope.journal.signal(signal)
  }

  fail(error: ContractError): never {
    throw new ContractFailure(error)
  }

  // Key objects have the item's own fields, whatever their static type says.
  private place(item: Item, key: object, access: Access): Place {
    return placeOf(this.scope, this.self, { item, key: key as FieldValues, access })
  }

  private provider(port: string): { found: ReturnType<Registry['provider']>; ctx: ExecuteContext } {
    const { registry } = this.scope
    const found = registry.provider(port)
    return { found, ctx: createContext(this.scope, registry.contract(found.contract).address, this.self) }
  }
}

/**
 * The one implementation of all contexts, acting as contract `self`. Verify and view code receives it under a type
 * without the powers to write.
 */
export function createContext(scope: Scope, self: Address, caller: Address): ExecuteContext {
  return new Context(scope, self, caller)
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
