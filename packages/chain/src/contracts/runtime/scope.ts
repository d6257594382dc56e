import { decodeFields, encodeFields, type FieldValues } from '#kernel'
import { type Address, assert, type Hash, Slabs, ZERO_HASH } from '#primitives'
import type { BlockEnvironment, DeclareEnvironment, Environment, ExecuteContext } from './context.ts'
import { type ContractError, ContractFailure, RuntimeError, undeclaredAccess } from './error.ts'
import type { Event } from './event.ts'
import type { FieldsOf } from './fields.ts'
import type { Counter, Item } from './item.ts'
import type { EngineSignal, Journal } from './journal.ts'
import { findPlace, type Place } from './place.ts'
import type { Port } from './port.ts'
import type { Registry } from './registry.ts'
import type { Access, AccessSet } from './resource.ts'
import type { ViewValue } from './view.ts'

/** The events of a block are kept and dropped together. */
const eventData = new Slabs(4096)

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
function placeOf(scope: Scope, self: Address, wanted: { item: Item; key: FieldValues; access: Access }): Place {
  const { item, key, access } = wanted
  if (item.address !== self) assert(false, `${item.name} is the state of another contract`)
  const place = findPlace(item, key)
  if (!scope.access.allows(access, place)) {
    throw new ContractFailure(undeclaredAccess, { contract: item.contract.name, item: item.name, access })
  }
  return place
}

function createEnvironment(scope: Scope, self: Address, caller: Address): Environment {
  const { registry, block } = scope
  // Named one by one: copying an object without naming its fields takes ten times as long, and this is done for every call.
  return {
    chainId: block.chainId,
    genesisHash: block.genesisHash,
    height: block.height,
    slot: block.slot,
    timeMs: block.timeMs,
    producer: block.producer,
    signal: block.signal,
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
    const bytes = this.scope.journal.get(this.place(item, key, 'read'))
    // Stored bytes were encoded with the same field list.
    return bytes === undefined ? undefined : (decodeFields(item.value, bytes) as never)
  }

  count<K extends string>(item: Counter<K>, key: FieldsOf<K>): bigint {
    return this.scope.journal.amount(this.place(item, key, 'read'))
  }

  set<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>, value: FieldsOf<V>): void {
    const at = this.place(item, key, 'write')
    const fields = value as FieldValues
    if (item.counter) {
      const amount = fields['amount']
      assert(typeof amount === 'bigint', 'a counter holds a bigint')
      this.scope.journal.setAmount(at, amount)
      return
    }
    this.scope.journal.set(at, encodeFields(item.value, fields))
  }

  delete<K extends string, V extends string>(item: Item<K, V>, key: FieldsOf<K>): void {
    this.scope.journal.set(this.place(item, key, 'write'), null)
  }

  add<K extends string>(item: Counter<K>, key: FieldsOf<K>, delta: bigint): void {
    this.scope.journal.add(this.place(item, key, 'add'), delta)
  }

  emit<F extends string>(event: Event<F>, fields: FieldsOf<F>): void {
    const data = encodeFields(event.fields, fields as FieldValues, eventData)
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

/** One is made for every call: what belongs to the block is looked up there. */
class DeclaringEnvironment implements DeclareEnvironment {
  readonly from: Address
  readonly transactionId: Hash
  readonly declares: DeclareEnvironment['declares']
  readonly #block: BlockEnvironment

  constructor(
    declares: DeclareEnvironment['declares'],
    block: BlockEnvironment,
    { from, transactionId }: { readonly from: Address; readonly transactionId: Hash },
  ) {
    this.from = from
    this.transactionId = transactionId
    this.declares = declares
    this.#block = block
  }

  get chainId(): number {
    return this.#block.chainId
  }
  get genesisHash(): Hash {
    return this.#block.genesisHash
  }
  get height(): bigint {
    return this.#block.height
  }
  get slot(): bigint {
    return this.#block.slot
  }
  get timeMs(): bigint {
    return this.#block.timeMs
  }
  get producer(): Address {
    return this.#block.producer
  }
  get signal(): Hash {
    return this.#block.signal
  }
}

const declaring = new WeakMap<Registry, DeclareEnvironment['declares']>()

function declaresOf(registry: Registry): DeclareEnvironment['declares'] {
  const known = declaring.get(registry)
  if (known !== undefined) return known
  const made: DeclareEnvironment['declares'] = (port) => registry.provider(port.name).declares as never
  declaring.set(registry, made)
  return made
}

/** Environment of `resources`: no state. */
export function createDeclareEnvironment(
  registry: Registry,
  block: BlockEnvironment,
  call: { readonly from: Address; readonly transactionId: Hash },
): DeclareEnvironment {
  return new DeclaringEnvironment(declaresOf(registry), block, call)
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
