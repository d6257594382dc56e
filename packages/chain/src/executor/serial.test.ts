import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  adding,
  bindPort,
  buildGenesisState,
  type Contract,
  type ContractIdentity,
  createRegistry,
  defineContract,
  defineCounter,
  defineItem,
  defineMethod,
  definePort,
  defineView,
  everywhere,
  genesisOf,
  type Item,
  type Method,
  reading,
  writing,
} from '#contracts/runtime'
import { feePolicyAt, feeProvider, token } from '#contracts/token'
import {
  emptySparseTree,
  encodeArgs,
  type FieldValues,
  type SignedTransaction,
  type StateReader,
  TREASURY_ADDRESS,
  transactionId,
} from '#kernel'
import { type Address, assert, bigintToBytes, bytesToHex, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { createSandbox, sandboxAccount } from '../testing/sandbox/index.ts'
import { createSerialExecutor, MAX_BLOCK_UNITS } from './index.ts'

const ELF = 100_000_000n
const [alice, bob, carol] = [sandboxAccount(1), sandboxAccount(2), sandboxAccount(3)] as const
const box = () => createSandbox({ balances: [alice, bob].map((account) => ({ account, amount: 10n * ELF })) })
const transfer = (from: Address, to: Address, amount: bigint) => ({
  from,
  contract: 'token',
  method: 'transfer',
  args: { to, symbol: 'ELF', amount },
})
const balance = (sandbox: ReturnType<typeof box>, account: Address) =>
  sandbox.view('token', 'balanceOf', { account, symbol: 'ELF' })

test('what a block came to has no getter of its own, which would keep the journal in memory', () => {
  const sandbox = box()
  const output = sandbox.executor.execute({
    parentState: sandbox.state(),
    transactions: [sandbox.transaction(transfer(alice, bob, ELF))],
    env: sandbox.env(),
    feePolicy: feePolicyAt(sandbox.registry, 1n),
    mode: 'validate',
  })
  expect(Object.getOwnPropertyDescriptor(output, 'written')).toBeUndefined()
  expect([...output.written.keys()].sort()).toEqual([...output.diff.keys()].sort())
})

describe('fees', () => {
  test('the fee is base plus bytes, and a limit below it is refused [EXEC-FEE-1] [EXEC-VALID-1]', () => {
    const sandbox = box()
    const transaction = sandbox.transaction(transfer(alice, bob, ELF))
    const feePolicy = feePolicyAt(sandbox.registry, 1n)
    const run = (change: Partial<SignedTransaction>, mode: 'build' | 'validate' = 'validate') =>
      sandbox.executor.execute({
        parentState: sandbox.state(),
        transactions: [{ ...transaction, ...change }],
        env: sandbox.env(),
        feePolicy,
        mode,
      })
    const fee = run({}).receipts[0]?.fee ?? 0n
    expect(fee).toBe(100_000n + 1_000n * 222n)
    expect(sandbox.executor.feeOf(transaction, feePolicy)).toBe(fee)
    expect(run({ feeLimit: fee }).receipts[0]?.status).toBe('success')
    expect(() => run({ feeLimit: fee - 1n })).toThrow(
      expect.objectContaining({ code: 'execution.feeLimit', details: { index: 0 } }),
    )
    expect(run({ feeLimit: fee - 1n }, 'build').dropped[0]?.reason).toBe('feeLimit')
    expect(() => run({ method: 99 })).toThrow(expect.objectContaining({ code: 'execution.unknownMethod' }))
    expect(() => run({ contract: alice })).toThrow(expect.objectContaining({ code: 'execution.unknownMethod' }))
    expect(() => run({ args: new Uint8Array(3) })).toThrow(
      expect.objectContaining({ code: 'execution.malformedArguments' }),
    )
    expect(() => run({ from: carol })).toThrow(expect.objectContaining({ code: 'execution.unpayable' }))
    expect(run({ from: carol }, 'build')).toMatchObject({
      transactions: [],
      receipts: [],
      dropped: [{ reason: 'unpayable' }],
    })
  })

  test('a failed transaction keeps only its fee [EXEC-CALL-1]', () => {
    const sandbox = box()
    const before = sandbox.state()
    const {
      receipts: [receipt],
      diff,
    } = sandbox.block([transfer(alice, bob, 11n * ELF)])
    expect(receipt).toMatchObject({ status: 'failed', error: { contract: 1, error: 1 }, events: [] })
    // Both balances, and who made how many blocks of the term: a number and a list.
    expect(diff.size).toBe(4)
    expect(balance(sandbox, alice)).toBe(10n * ELF - (receipt?.fee ?? 0n))
    expect(balance(sandbox, TREASURY_ADDRESS)).toBe(receipt?.fee)
    expect(before.root).not.toBe(sandbox.state().root)
  })

  test('a payer may spend in the block what it received in the block [EXEC-SERIAL-1]', () => {
    const sandbox = box()
    const { receipts } = sandbox.block([transfer(alice, carol, ELF), transfer(carol, bob, ELF / 2n)])
    expect(receipts.map(({ status }) => status)).toEqual(['success', 'success'])
    expect(() => box().block([transfer(carol, bob, 1n), transfer(alice, carol, ELF)])).toThrow(
      expect.objectContaining({ code: 'execution.unpayable' }),
    )
  })
})

describe('building', () => {
  test('drops refused transactions with their error and keeps the rest [EXEC-BUILD-1]', () => {
    const sandbox = box()
    const { transactions, receipts, dropped } = sandbox.block(
      [transfer(alice, bob, 0n), transfer(alice, bob, 1n)],
      'build',
    )
    expect(transactions).toHaveLength(1)
    expect(receipts).toHaveLength(1)
    expect(dropped).toEqual([
      expect.objectContaining({ reason: 'refused', error: expect.objectContaining({ name: 'zeroAmount' }) }),
    ])
    expect(balance(sandbox, alice)).toBe(10n * ELF - 1n - (receipts[0]?.fee ?? 0n))
  })

  test('a built block validates to the same result', () => {
    const sandbox = box()
    const calls = [
      transfer(alice, bob, 3n),
      transfer(carol, bob, 1n),
      transfer(bob, carol, ELF),
      transfer(alice, carol, 0n),
    ]
    const input = { parentState: sandbox.state(), env: sandbox.env(), feePolicy: feePolicyAt(sandbox.registry, 1n) }
    const built = sandbox.executor.execute({
      ...input,
      transactions: calls.map((call) => sandbox.transaction(call)),
      mode: 'build',
    })
    const checked = sandbox.executor.execute({ ...input, transactions: built.transactions, mode: 'validate' })
    expect(built.transactions).toHaveLength(2)
    expect(checked.receipts).toEqual(built.receipts)
    expect(checked.diff).toEqual(built.diff)
    expect(checked.costs).toEqual(built.costs)
  })

  test('non-parallel transactions stand last and pay more [EXEC-ORDER-1]', () => {
    const sandbox = box()
    const report = {
      from: alice,
      contract: 'election',
      method: 'reportDoubleMining',
      args: { headerA: '0x', headerB: '0x' },
    }
    expect(() => sandbox.block([report, transfer(alice, bob, 1n)])).toThrow(
      expect.objectContaining({ code: 'execution.order', details: { index: 1 } }),
    )
    const { receipts } = sandbox.block([transfer(alice, bob, 1n), report])
    expect(receipts[1]).toMatchObject({ status: 'failed', error: { contract: 2, error: 23 } })
    expect(receipts[1]?.fee).toBeGreaterThan(1_000_000n)
  })
})

describe('single transactions', () => {
  test('admission tells what is wrong, with the fee', () => {
    const sandbox = box()
    const on = { state: sandbox.state(), env: sandbox.env(), feePolicy: feePolicyAt(sandbox.registry, 1n) }
    const check = (change: Partial<SignedTransaction>, amount = 1n) =>
      sandbox.executor.verifyForAdmission({ ...sandbox.transaction(transfer(alice, bob, amount)), ...change }, on)
    expect(check({})).toMatchObject({ ok: true, fee: 322_000n, nonParallel: false, method: { name: 'transfer' } })
    expect(check({ method: 99 })).toEqual({ ok: false, code: 'tx.unknownMethod' })
    expect(check({ args: new Uint8Array() })).toEqual({ ok: false, code: 'tx.invalidArguments' })
    expect(check({ feeLimit: 1n })).toEqual({ ok: false, code: 'tx.feeLimit' })
    expect(check({ from: carol })).toEqual({ ok: false, code: 'tx.insufficientFunds', fee: 322_000n })
    expect(check({}, 10n * ELF)).toMatchObject({
      ok: false,
      code: 'tx.refused',
      fee: 322_000n,
      error: { name: 'insufficientBalance' },
    })
  })

  test('behavior: calls that are admitted one after the other do not see each other, nor a state that is not theirs', () => {
    const sandbox = box()
    const later = box()
    later.block([transfer(alice, bob, 9n * ELF)])
    const states = [sandbox.state(), later.state()]
    // The second leaves nothing beside its fee.
    const amounts = [1n, 10n * ELF - 322_000n, 10n * ELF, 0n]
    const calls = fc.record({
      state: fc.constantFrom(...states),
      from: fc.constantFrom(alice, bob, carol),
      to: fc.constantFrom(alice, bob, carol),
      amount: fc.constantFrom(...amounts),
    })
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 30 }), (list) => {
        const shared = createSerialExecutor(sandbox.registry)
        for (const { state, from, to, amount } of list) {
          const on = { state, env: sandbox.env(), feePolicy: feePolicyAt(sandbox.registry, 1n) }
          const transaction = sandbox.transaction(transfer(from, to, amount))
          const alone = createSerialExecutor(sandbox.registry).verifyForAdmission(transaction, on)
          expect(shared.verifyForAdmission(transaction, on)).toEqual(alone)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('simulation runs the call and changes nothing', () => {
    const sandbox = box()
    const on = { state: sandbox.state(), env: sandbox.env(), feePolicy: feePolicyAt(sandbox.registry, 1n) }
    const { contract, method, args } = sandbox.transaction(transfer(alice, bob, ELF))
    const result = sandbox.executor.simulate({ from: alice, contract, method, args }, on)
    expect(result).toMatchObject({ ok: true, fee: 322_000n, events: [{ number: 1 }], method: { name: 'transfer' } })
    expect(balance(sandbox, bob)).toBe(10n * ELF)
    expect(sandbox.executor.simulate({ from: carol, contract, method, args }, on)).toMatchObject({
      ok: false,
      error: { contract: 0, error: 2 },
    })
    expect(() => sandbox.executor.simulate({ from: alice, contract, method: 99, args }, on)).toThrow(
      expect.objectContaining({ code: 'execution.unknownMethod' }),
    )
    expect(() => sandbox.executor.simulate({ from: alice, contract, method, args: new Uint8Array() }, on)).toThrow(
      expect.objectContaining({ code: 'execution.malformedArguments' }),
    )
  })

  test('error: views with unknown names or wrong arguments', () => {
    const sandbox = box()
    expect(() => sandbox.view('none', 'balanceOf')).toThrow(
      expect.objectContaining({ code: 'runtime.unknownContract' }),
    )
    expect(() => sandbox.view('token', 'none')).toThrow(expect.objectContaining({ code: 'runtime.unknownView' }))
    expect(() => sandbox.view('token', 'balanceOf', { account: 'x', symbol: 'ELF' })).toThrow(
      expect.objectContaining({ code: 'runtime.arguments' }),
    )
  })
})

// A contract that misbehaves on demand.
const PROBE: ContractIdentity = { name: 'probe', number: 900 }
const notes: Item<'address account, uint32 n', 'string text'> = defineItem(PROBE, {
  number: 1,
  name: 'notes',
  key: 'address account, uint32 n',
  value: 'string text',
  bound: 'test',
})
const sums = defineCounter(PROBE, { number: 2, name: 'sums', key: 'address account', bound: 'test' })
const probeMethod = (
  number: number,
  name: string,
  rest: Pick<Method, 'resources' | 'execute'> & { verify?: Method['verify'] },
): Method =>
  defineMethod({
    number,
    signature: `function ${name}(address account)`,
    intent: 'Probe',
    doc: 'Probe',
    verify: () => undefined,
    ...rest,
  })
const other = (args: FieldValues): Address => args['account'] as Address

const probe: Contract<null> = defineContract<null>({
  identity: PROBE,
  state: [notes, sums],
  events: [],
  errors: [],
  params: [],
  ports: [],
  hooks: {},
  invariants: [],
  genesis: () => undefined,
  views: [
    defineView({
      name: 'note',
      doc: '',
      args: 'address account',
      read: (ctx, { account }) => ctx.get(notes, { account, n: 1 })?.text ?? null,
    }),
  ],
  methods: [
    probeMethod(1, 'declared', {
      resources: (_, { from }) => [writing(notes, from)],
      execute: (ctx) => ctx.set(notes, { account: ctx.env.from, n: 1 }, { text: 'x' }),
    }),
    probeMethod(2, 'wrongPartition', {
      resources: (_, { from }) => [writing(notes, from)],
      execute: (ctx, args) => ctx.set(notes, { account: other(args), n: 1 }, { text: 'x' }),
    }),
    probeMethod(3, 'writeOnRead', {
      resources: (_, { from }) => [reading(notes, from)],
      execute: (ctx) => ctx.set(notes, { account: ctx.env.from, n: 1 }, { text: 'x' }),
    }),
    probeMethod(4, 'readOnAdd', {
      resources: (_, { from }) => [adding(sums, from)],
      execute: (ctx) => void ctx.count(sums, { account: ctx.env.from }),
    }),
    probeMethod(5, 'addEverywhere', {
      resources: () => [everywhere('add', sums)],
      execute: (ctx, args) => ctx.add(sums, { account: other(args) }, 5n),
    }),
    probeMethod(6, 'below', {
      resources: (_, { from }) => [writing(sums, from)],
      execute: (ctx) => {
        ctx.add(sums, { account: ctx.env.from }, 7n)
        ctx.add(sums, { account: ctx.env.from }, -8n)
      },
    }),
    probeMethod(7, 'breaks', { resources: () => [], execute: () => assert(false, 'broken') }),
    probeMethod(8, 'crashes', {
      resources: () => [],
      execute: () => {
        throw new TypeError('a bug of the host')
      },
    }),
    probeMethod(9, 'undeclaredVerify', {
      resources: () => [],
      verify: (ctx) => void ctx.get(notes, { account: ctx.env.from, n: 1 }) as undefined,
      execute: () => undefined,
    }),
    probeMethod(10, 'heavy', {
      resources: (_, { from }) => [writing(notes, from)],
      execute: (ctx) => {
        for (let n = 0; n < MAX_BLOCK_UNITS / 8; n++) ctx.set(notes, { account: ctx.env.from, n: 1 }, { text: 'x' })
      },
    }),
  ],
})

describe('undeclared access [RUNTIME-ACCESS-1]', () => {
  const registry = createRegistry({ contracts: [token, probe], ports: [], fees: feeProvider })
  const env = {
    chainId: 1,
    genesisHash: ZERO_HASH,
    height: 1n,
    slot: 1n,
    timeMs: 4_000n,
    producer: ZERO_ADDRESS,
    signal: ZERO_HASH,
  }
  const first = buildGenesisState(registry, { ...env, height: 0n }, [
    genesisOf(token, {
      tokens: [
        {
          symbol: 'ELF',
          tokenName: 'aelf',
          creator: alice,
          burnable: false,
          balances: [{ account: alice, amount: ELF }],
        },
      ],
    }),
  ])
  const state = emptySparseTree().update(first.state)
  const executor = createSerialExecutor(registry)
  let nonce = 0n
  const tx = (name: string, account: Address = bob): SignedTransaction => {
    const { method } = registry.methodByName('probe', name)!
    return {
      version: 1,
      walletChainId: 1n,
      from: alice,
      contract: probe.address,
      method: method.number,
      args: encodeArgs(method.abi, { account }),
      refHeight: 0n,
      refHash: '0x0000000000000000',
      feeLimit: ELF,
      nonce: bytesToHex(bigintToBytes(++nonce, 8)),
      authorization: { kind: 0, signature: `0x${'00'.repeat(65)}` },
    }
  }
  const execute = (
    transactions: SignedTransaction[],
    mode: 'build' | 'validate' = 'validate',
    parentState: StateReader = state,
  ) => executor.execute({ parentState, transactions, env, feePolicy: { feeOf: () => 1_000n }, mode })
  const fate = (name: string) => {
    const {
      receipts: [receipt],
      diff,
    } = execute([tx(name)])
    return receipt?.error === undefined ? 'success' : `${receipt.error.contract}.${receipt.error.error} ${diff.size}`
  }

  test.each([
    ['declared', 'success'],
    ['addEverywhere', 'success'],
    ['wrongPartition', '0.1 2'],
    ['writeOnRead', '0.1 2'],
    ['readOnAdd', '0.1 2'],
    ['undeclaredVerify', '0.1 2'],
    ['below', '0.3 2'],
    ['breaks', '0.3 2'],
  ])('%s: %s', (name, expected) => expect(fate(name)).toBe(expected))

  test('what has no code stops the program', () => expect(() => execute([tx('crashes')])).toThrow(TypeError))

  test('a counter is absent while zero [CON-COUNTER-1], and a diff leaves out what did not change', () => {
    const after = state.update(execute([tx('addEverywhere', carol)]).diff)
    expect(after.size).toBe(state.size + 2)
    const again = execute([tx('declared')], 'validate', after)
    const repeat = execute([tx('declared')], 'validate', after.update(again.diff))
    expect([again.diff.size, repeat.diff.size]).toEqual([3, 2])
  })

  test('a block above its budget is invalid; building leaves the rest for later [EXEC-BUDGET-1]', () => {
    const heavy = () => tx('heavy')
    expect(execute([heavy(), tx('declared')]).costs[0]?.units).toBeGreaterThan(MAX_BLOCK_UNITS / 2)
    expect(() => execute([heavy(), heavy()])).toThrow(
      expect.objectContaining({ code: 'execution.overBudget', details: { index: 1 } }),
    )
    const [one, two, three] = [heavy(), heavy(), tx('declared')]
    const built = execute([one, two, three], 'build')
    expect(built.transactions).toEqual([one, three])
    expect(built.dropped).toEqual([{ transaction: two, reason: 'overBudget' }])
    expect(built.receipts.map((receipt) => receipt.transactionId)).toEqual([transactionId(one), transactionId(three)])
  })
})

describe('registry', () => {
  const needy = (name: string, number: number, port: string): Contract<null> =>
    defineContract<null>({
      identity: { name, number },
      state: [],
      methods: [],
      views: [],
      events: [],
      errors: [],
      params: [
        {
          name: 'size',
          doc: '',
          steps: [
            { fromHeight: 0n, value: 1n },
            { fromHeight: 10n, value: 2n },
          ],
        },
      ],
      ports: [definePort(port)],
      hooks: {},
      invariants: [],
      genesis: () => undefined,
    })
  const offer = (port: string, contract: string) =>
    bindPort(definePort(port), { contract, reads: () => null, calls: () => null, declares: null })

  test('error: a port is unbound or circular', () => {
    const contracts = [token, needy('a', 901, 'toB'), needy('b', 902, 'toA')]
    const build = (ports: ReturnType<typeof offer>[]) => () => createRegistry({ contracts, ports, fees: feeProvider })
    expect(build([offer('toB', 'b')])).toThrow(expect.objectContaining({ code: 'runtime.port' }))
    expect(build([offer('toB', 'b'), offer('toA', 'gone')])).toThrow(expect.objectContaining({ code: 'runtime.port' }))
    expect(build([offer('toB', 'b'), offer('toA', 'a')])).toThrow(
      expect.objectContaining({ message: 'contracts need each other in a circle' }),
    )
    expect(build([offer('toB', 'b'), offer('toA', 'token')])).not.toThrow()
  })

  test('params have steps by height, and genesis replaces the first [CONSENSUS-PARAM-1]', () => {
    const a = needy('a', 901, 'toToken')
    const build = (params: Record<string, bigint>) =>
      createRegistry({ contracts: [token, a], ports: [offer('toToken', 'token')], fees: feeProvider, params })
    const at = (registry: ReturnType<typeof build>, height: bigint) => registry.param(a.address, 'size', height)
    expect([at(build({}), 9n), at(build({}), 10n)]).toEqual([1n, 2n])
    expect([at(build({ 'a.size': 7n }), 9n), at(build({ 'a.size': 7n }), 10n)]).toEqual([7n, 2n])
    expect(() => build({ 'a.none': 7n })).toThrow(expect.objectContaining({ code: 'runtime.definition' }))
    expect(() => build({}).param(a.address, 'none', 1n)).toThrow(expect.objectContaining({ code: 'param.unknown' }))
    expect(box().view('consensus', 'parameter', { parameterName: 'termSeconds' })).toBe(604_800n)
    expect(box().view('consensus', 'parameter', { parameterName: 'none' })).toBeNull()
    expect((box().view('consensus', 'parameters') as unknown[]).length).toBe(4)
  })

  test('error: numbers and names are unique', () => {
    const twice = { ...PROBE, name: 'twice', number: 903 }
    const item = (name: string, number: number) =>
      defineItem(twice, { number, name, key: '', value: 'uint8 n', bound: 'test' })
    const build = (state: Item[]) => () => defineContract({ ...probe, identity: twice, state, methods: [], views: [] })
    expect(build([item('a', 1), item('b', 2)])).not.toThrow()
    expect(build([item('a', 1), item('b', 1)])).toThrow(expect.objectContaining({ code: 'runtime.definition' }))
    expect(build([item('a', 1), item('a', 2)])).toThrow(expect.objectContaining({ code: 'runtime.definition' }))
    expect(build([notes])).toThrow(expect.objectContaining({ code: 'runtime.definition' }))
    expect(() => defineItem(twice, { number: 1, name: 'a', key: 'uint7 n', value: 'uint8 n', bound: '' })).toThrow(
      expect.objectContaining({ code: 'runtime.definition' }),
    )
    expect(() =>
      defineItem(twice, { number: 1, name: 'a', key: 'uint8 n, uint8 n', value: 'uint8 n', bound: '' }),
    ).toThrow(expect.objectContaining({ code: 'runtime.definition' }))
  })
})
