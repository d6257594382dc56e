import {
  adding,
  type Contract,
  type ContractError,
  type ContractIdentity,
  defineContract,
  defineCounter,
  defineError,
  defineEvent,
  defineItem,
  defineMethod,
  type ExecuteContext,
  everywhere,
  type Method,
  type MethodDefinition,
  reading,
  writing,
} from '#contracts/runtime'
import { assert, type Bytes, bytesToHex, sha256 } from '#primitives'

const WORK: ContractIdentity = { name: 'work', number: 950 }
const SIGNATURE = 'address account, uint8 shelf, uint32 n, uint256 amount'
type Signature = 'function call(address account, uint8 shelf, uint32 n, uint256 amount)'

const slots = defineCounter(WORK, { number: 1, name: 'slots', key: 'address account', bound: 'test' })
const bag = defineItem(WORK, {
  number: 2,
  name: 'bag',
  key: 'uint8 shelf, uint32 n',
  value: 'uint256 value, bytes32 by',
  bound: 'test',
})
const total = defineCounter(WORK, { number: 3, name: 'total', key: '', bound: 'test' })
const ended = defineItem(WORK, { number: 4, name: 'ended', key: '', value: 'uint256 sum', bound: 'test' })

const put = defineEvent(WORK, { number: 1, name: 'Put', fields: 'uint8 indexed shelf, uint32 n, uint256 value' })
const moved = defineEvent(WORK, { number: 2, name: 'Moved', fields: 'address indexed to, uint256 amount' })

const tooLittle: ContractError = defineError(WORK, { number: 1, name: 'tooLittle', help: 'Have more.' })
const nothing: ContractError = defineError(WORK, { number: 2, name: 'nothing', help: 'Name an amount.' })

type Rest = Pick<MethodDefinition<Signature>, 'resources' | 'execute'> &
  Partial<Pick<MethodDefinition<Signature>, 'verify' | 'nonParallel'>>

const method = (number: number, name: string, rest: Rest): Method =>
  defineMethod<Signature>({
    number,
    // The name is all that differs.
    signature: `function ${name}(${SIGNATURE})` as Signature,
    intent: 'Work',
    doc: 'Work',
    verify: () => undefined,
    ...rest,
  })

function store(ctx: ExecuteContext, at: { shelf: number; n: number }, amount: bigint): void {
  const value = ((ctx.get(bag, at)?.value ?? 0n) * 31n + amount) % 1_000_003n
  // What came last is seen in every value: another order gives another state.
  ctx.set(bag, at, { value, by: ctx.env.transactionId })
  ctx.emit(put, { ...at, value })
}

function hashed(rounds: number): Bytes {
  let bytes: Bytes = new Uint8Array(32)
  for (let round = 0; round < rounds; round++) bytes = sha256(bytes)
  return bytes
}

/** Methods that touch state in every way a declaration can say, rightly and wrongly. */
const methods: readonly Method[] = [
  method(1, 'add', {
    resources: ({ account }) => [adding(slots, account)],
    execute: (ctx, { account, amount }) => ctx.add(slots, { account }, amount),
  }),
  method(2, 'take', {
    resources: ({ account }) => [adding(slots, account)],
    execute: (ctx, { account, amount }) => ctx.add(slots, { account }, -amount),
  }),
  method(3, 'move', {
    resources: ({ account }, { from }) => [writing(slots, from), adding(slots, account)],
    verify: (_, { amount }) => (amount === 0n ? nothing : undefined),
    execute: (ctx, { account, amount }) => {
      if (ctx.count(slots, { account: ctx.env.from }) < amount) ctx.fail(tooLittle)
      ctx.add(slots, { account: ctx.env.from }, -amount)
      ctx.add(slots, { account }, amount)
      ctx.emit(moved, { to: account, amount })
    },
  }),
  method(4, 'put', {
    resources: ({ shelf }) => [writing(bag, shelf)],
    execute: (ctx, { shelf, n, amount }) => store(ctx, { shelf, n }, amount),
  }),
  method(5, 'peek', {
    resources: ({ shelf }) => [reading(bag, shelf), adding(total)],
    execute: (ctx, { shelf, n }) => ctx.add(total, {}, ctx.get(bag, { shelf, n })?.value ?? 1n),
  }),
  method(6, 'sweep', {
    resources: ({ shelf }) => [everywhere('read', slots), writing(bag, shelf)],
    execute: (ctx, { account, shelf, n }) => store(ctx, { shelf, n }, ctx.count(slots, { account })),
  }),
  method(7, 'alone', {
    nonParallel: true,
    resources: () => [],
    execute: (ctx, { shelf, n, account }) => {
      store(ctx, { shelf, n }, ctx.count(total, {}) + ctx.count(slots, { account }))
    },
  }),
  method(8, 'wrong', {
    resources: ({ shelf }) => [reading(bag, shelf)],
    execute: (ctx, { shelf, n, amount }) => store(ctx, { shelf, n }, amount),
  }),
  method(9, 'unsure', {
    resources: ({ n, shelf }) => {
      assert(n % 2 === 0, 'declares even numbers only')
      return [writing(bag, shelf)]
    },
    execute: (ctx, { shelf, n, amount }) => store(ctx, { shelf, n }, amount),
  }),
  method(10, 'evict', {
    resources: () => [],
    execute: (ctx, { account }) => ctx.signal({ kind: 'evict', address: account }),
  }),
  method(11, 'clear', {
    resources: ({ shelf }) => [writing(bag, shelf)],
    execute: (ctx, { shelf, n }) => ctx.delete(bag, { shelf, n }),
  }),
  // `n` hashes: work of a length that can be chosen.
  method(12, 'spin', {
    resources: (_, { from }) => [writing(slots, from)],
    execute: (ctx, { n, shelf }) => {
      ctx.add(slots, { account: ctx.env.from }, 1n)
      if (bytesToHex(hashed(n)) === '0x') ctx.delete(bag, { shelf, n })
    },
  }),
  // Binds all that name the same shelf.
  method(13, 'spinShared', {
    resources: ({ shelf }) => [writing(bag, shelf)],
    execute: (ctx, { shelf, n, amount }) => {
      hashed(n)
      store(ctx, { shelf, n: 0 }, amount)
    },
  }),
  // `n` writes.
  method(14, 'heavy', {
    resources: ({ shelf }) => [writing(bag, shelf)],
    execute: (ctx, { shelf, n }) => {
      for (let round = 0; round < n; round++) ctx.set(bag, { shelf, n: 0 }, { value: 1n, by: ctx.env.transactionId })
    },
  }),
]

/** A contract without use, made to be executed in parallel. */
export const work: Contract<null> = defineContract<null>({
  identity: WORK,
  state: [slots, bag, total, ended],
  events: [put, moved],
  errors: [tooLittle, nothing],
  params: [],
  ports: [],
  hooks: {
    endBlock: (ctx) => {
      const sum = ctx.count(total, {}) + (ctx.get(ended, {})?.sum ?? 0n)
      ctx.set(ended, {}, { sum })
      ctx.emit(put, { shelf: 255, n: 0, value: sum })
    },
  },
  invariants: [],
  views: [],
  methods,
  genesis: () => undefined,
})
