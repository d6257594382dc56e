import { type Era, type MainChain, mainCollection } from '#chains'
import { bundleHash } from '#collection'
import {
  type Collection,
  type Contract,
  type ContractIdentity,
  defineContract,
  defineItem,
  defineMethod,
  type ExecuteContext,
  type Item,
  type RegisteredMethod,
  writing,
} from '#contracts/runtime'
import { assert, type Bytes, type Hash, utf8ToBytes } from '#primitives'
import type { UpdateRule } from '../knobs.ts'

export type SuccessorName = 'greeting' | 'costly' | 'broken' | 'odd'
type Activate = NonNullable<Contract<never>['hooks']['activate']>

const GREETER: ContractIdentity = { name: 'greeter', number: 700 }
const greetings: Item<'', 'bytes32 from, uint32 count'> = defineItem(GREETER, {
  number: 1,
  name: 'greetings',
  key: '',
  value: 'bytes32 from, uint32 count',
  bound: 'one entry',
})

const greet = defineMethod({
  number: 1,
  signature: 'function greet()',
  intent: 'Greet',
  doc: 'Counts one more.',
  resources: () => [writing(greetings)],
  verify: () => undefined,
  execute: (ctx) => {
    const found = ctx.get(greetings, {})
    assert(found !== undefined, 'taken over')
    ctx.set(greetings, {}, { ...found, count: found.count + 1 })
  },
})

/** Goes on with what an earlier collection left, whichever it was. */
function takeOver(ctx: ExecuteContext, { from }: { readonly from: Hash }): void {
  ctx.set(greetings, {}, { from, count: (ctx.get(greetings, {})?.count ?? 0) + 1000 })
}

const greeter = (activate: Activate): Contract<never> =>
  defineContract({
    identity: GREETER,
    state: [greetings],
    methods: [greet],
    views: [],
    events: [],
    errors: [],
    params: [],
    ports: [],
    hooks: { activate },
    invariants: [],
    genesis: () => undefined,
  })

/** The contracts of genesis without one method. */
const without = (contract: string, method: string): Collection['contracts'] =>
  mainCollection.contracts.map((one) =>
    one.identity.name === contract ? { ...one, methods: one.methods.filter(({ name }) => name !== method) } : one,
  )

const refuse: Activate = () => assert(false, 'there is nothing to take over')

/** What each changes, once for the chain and once for the oracle, which knows no code. */
interface Definition {
  readonly feePerByte: bigint
  readonly without: readonly string[]
  readonly greets: boolean
  readonly fails: boolean
  rule(rule: UpdateRule): UpdateRule
  contracts(): Collection['contracts']
}

const same = (rule: UpdateRule): UpdateRule => rule

const DEFINITIONS: Readonly<Record<SuccessorName, Definition>> = {
  greeting: {
    feePerByte: 10n,
    without: ['1.7'],
    greets: true,
    fails: false,
    rule: same,
    contracts: () => [...without('token', 'burn'), greeter(takeOver)],
  },
  // Changes the rule it was voted for by.
  costly: {
    feePerByte: 3_000n,
    without: ['7.4'],
    greets: false,
    fails: false,
    rule: ({ window, lockIn, confirm }) => ({ window: window + 3, lockIn: lockIn + 3, confirm }),
    contracts: () => without('proposal', 'review'),
  },
  broken: {
    feePerByte: 7n,
    without: [],
    greets: true,
    fails: true,
    rule: same,
    contracts: () => [...mainCollection.contracts, greeter(refuse)],
  },
  odd: {
    feePerByte: 500n,
    without: [],
    greets: false,
    fails: false,
    rule: same,
    contracts: () => mainCollection.contracts,
  },
}

export const SUCCESSORS: readonly SuccessorName[] = ['greeting', 'costly', 'broken', 'odd']

/** What machines pass to each other for a bundle: the code itself is here. */
const bundleOf = (name: SuccessorName): Bytes => utf8ToBytes(`simulated bundle of ${name}`)

const HASHES = Object.fromEntries(SUCCESSORS.map((name) => [name, bundleHash(bundleOf(name))])) as Readonly<
  Record<SuccessorName, Hash>
>

export const hashOf = (name: SuccessorName): Hash => HASHES[name]

/** Undefined for what is no successor of the simulation. */
export function bundleBytes(hash: string): Bytes | undefined {
  const name = SUCCESSORS.find((one) => hashOf(one) === hash)
  return name === undefined ? undefined : bundleOf(name)
}

/** Genesis parameters of a rule. */
export const paramsOf = ({ window, lockIn, confirm }: UpdateRule): Readonly<Record<string, bigint>> => ({
  'collection.window': BigInt(window),
  'collection.lockIn': BigInt(lockIn),
  'collection.confirm': BigInt(confirm),
})

/** The successors of one run's chain, opened once for all machines: they are immutable. */
export class Successors {
  private readonly chain: MainChain
  private readonly rule: UpdateRule
  private readonly eras = new Map<string, Era>()

  constructor(chain: MainChain, rule: UpdateRule) {
    this.chain = chain
    this.rule = rule
  }

  /** Undefined for what nobody has code for. */
  open(hash: string): Era | undefined {
    if (hash === this.chain.first.hash) return this.chain.first
    const known = this.eras.get(hash)
    const name = SUCCESSORS.find((one) => hashOf(one) === hash)
    if (known !== undefined || name === undefined) return known
    const { feePerByte, rule, contracts } = DEFINITIONS[name]
    const params = { 'token.feePerByte': feePerByte, ...paramsOf(rule(this.rule)) }
    const era = this.chain.openEra(hashOf(name), { ...mainCollection, contracts: contracts(), params })
    this.eras.set(hash, era)
    return era
  }

  /** A method in whichever collection has it. */
  method(contract: string, method: string): RegisteredMethod | undefined {
    const hashes = [this.chain.first.hash, ...SUCCESSORS.map(hashOf)]
    for (const hash of hashes) {
      const found = this.open(hash)?.registry.methodByName(contract, method)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** The successors as the oracle reads them. */
export function describeSuccessors(rule: UpdateRule): readonly {
  readonly hash: Hash
  readonly feePerByte: bigint
  readonly without: readonly string[]
  readonly greets: boolean
  readonly fails: boolean
  readonly rule: UpdateRule
}[] {
  return SUCCESSORS.map((name) => {
    const { feePerByte, without: gone, greets, fails, rule: change } = DEFINITIONS[name]
    return { hash: hashOf(name), feePerByte, without: gone, greets, fails, rule: change(rule) }
  })
}
