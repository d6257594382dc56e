import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import {
  type Block,
  decodeSparseProof,
  EMPTY_LIST_ROOT,
  emptySparseTree,
  encodeFields,
  encodeTransaction,
  parseSignature,
  type Receipt,
  receiptRootOf,
  signHeader,
  signTransaction,
  statePath,
  systemAddress,
  transactionId,
  transactionRootOf,
  verifySparseProof,
} from '#kernel'
import { AelfError, asHash, bytesToHex, hexToBytes, privateKeyToAddress, ZERO_HASH } from '#primitives'
import {
  type ContractInfo,
  MAX_SENT_TOGETHER,
  type RouteName,
  type RpcErrorCode,
  routeNames,
  routes,
  rpcErrors,
} from '#rpc/routes'
import type { ChainEvent, NodePort, StoredBlock } from './ports.ts'
import { createRpcServer } from './server.ts'
import type { RpcServer } from './transport.ts'

/** Polls with a patience that also a busy machine keeps. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 5 })

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const key = new Uint8Array(32).fill(7)
const alice = privateKeyToAddress(key)
const token = systemAddress(1)
const signature = 'function transfer(address to, string symbol, uint256 amount)'
const transfer = {
  contract: 'token',
  contractAddress: token,
  name: 'transfer',
  number: 1,
  signature,
  abi: parseSignature(signature),
  intent: 'Send {amount:elf} {symbol} to {to}',
  doc: '',
  nonParallel: false,
}
const balances = {
  contract: 'token',
  name: 'balances',
  number: 1,
  key: ['address', 'string'],
  keyNames: ['account', 'symbol'],
  value: [{ name: 'amount', type: 'uint256' }],
} as const
const contracts: readonly ContractInfo[] = [
  {
    name: 'token',
    number: 1,
    address: token,
    methods: [transfer],
    items: [balances],
    events: [
      { contract: 'token', name: 'Transfer', number: 1, fields: [{ name: 'amount', type: 'uint256', indexed: false }] },
    ],
    errors: [{ contract: 'token', name: 'insufficientBalance', number: 1, help: 'Hold more.' }],
    views: [
      {
        name: 'balanceOf',
        args: [
          { name: 'account', type: 'address' },
          { name: 'symbol', type: 'string' },
        ],
        doc: '',
      },
    ],
  },
]

const network = { name: 'aelf test', genesisHash: ZERO_HASH }
const transaction = signTransaction(
  {
    version: 1,
    walletChainId: 1n,
    from: alice,
    contract: token,
    method: 1,
    refHeight: 0n,
    refHash: '0x0102030405060708',
    feeLimit: 9n,
    nonce: '0x0102030405060708',
    args: encodeFields(transfer.abi.args, { to: alice, symbol: 'ELF', amount: 250_000_000n }),
  },
  { method: transfer, network, privateKey: key },
)
const id = transactionId(transaction)
const receipt: Receipt = {
  transactionId: id,
  status: 'failed',
  error: { contract: 1, error: 1 },
  fee: 5n,
  events: [{ contract: token, number: 1, data: encodeFields([{ name: 'amount', type: 'uint256' }], { amount: 3n }) }],
}
const balanceKey = encodeFields(
  [
    { name: 'account', type: 'address' },
    { name: 'symbol', type: 'string' },
  ],
  { account: alice, symbol: 'ELF' },
)
const balancePath = statePath(token, 1, balanceKey)
const tree = emptySparseTree().update(new Map([[balancePath, encodeFields(balances.value, { amount: 120n })]]))
const header = signHeader(
  {
    version: 1,
    chainId: 1,
    height: 3n,
    parentHash: ZERO_HASH,
    slot: 9n,
    producer: alice,
    transactionRoot: transactionRootOf([transaction]),
    receiptRoot: receiptRootOf([receipt]),
    stateRoot: tree.root,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: new Uint8Array(0),
    extension: new Uint8Array(0),
  },
  key,
)
const block: Block = { header, transactions: [transaction] }
const stored: StoredBlock = {
  block,
  receipts: [receipt],
  timeMs: 36_000,
  sizeBytes: 700,
  finalized: false,
  canonical: true,
  consensus: {
    round: 1n,
    term: 0,
    index: undefined,
    isExtra: true,
    reveal: ZERO_HASH,
    prevotedHeight: 2n,
    generatedHeight: 1n,
  },
}

let emit: (event: ChainEvent) => void = () => {}
let clock = 40_000
/** `next` refuses all until the test ends, `once` one. */
const refuse: { next: AelfError | undefined; once: AelfError | undefined } = { next: undefined, once: undefined }

const node: NodePort = {
  status: () => ({
    network: 'aelf test',
    chainId: 1,
    genesisHash: ZERO_HASH,
    genesisTimeMs: 0,
    slotMs: 4_000,
    termSeconds: 604_800,
    height: 3n,
    headHash: header.hash,
    headSlot: 9n,
    headTimeMs: 36_000,
    prevotedHeight: 2n,
    finalizedHeight: 1n,
    round: 1n,
    term: 0,
    termEndsAtMs: 604_800_000,
    nowMs: clock,
    devnet: true,
    engines: { signature: 'noble', hash: 'noble' },
    version: '0.1.0',
    nodes: 20,
    genesisParams: {},
    mempool: { transactions: 1, bytes: 200 },
  }),
  blockByHeight: async (height) => (height === 3n ? stored : undefined),
  blockByHash: async (hash) => (hash === header.hash ? stored : undefined),
  blocks: async (from, to) => (from <= 3n && to >= 3n ? [stored] : []),
  transaction: async (given) =>
    given === id
      ? {
          status: 'included',
          transaction,
          envelope: encodeTransaction(transaction),
          header,
          index: 0,
          receipt,
          confirmations: 1n,
          finalized: false,
        }
      : { status: 'unknown' },
  submitAll: async (envelopes) =>
    envelopes.map(() => {
      const error = refuse.once ?? refuse.next
      refuse.once = undefined
      return error === undefined ? { id } : { error }
    }),
  simulate: async () => ({ ok: false, fee: 100n, intent: 'Send', error: { contract: 1, error: 1 } }),
  view: async ({ contract, view, at }) => {
    if (at === 2n) throw new AelfError('execution.collection', 'not here yet')
    if (at !== undefined) throw new AelfError('state.notKept', 'gone')
    if (contract === 'election') return [{ delegate: alice, name: 'A', url: '', commissionBps: 5, weight: 7n }]
    return view === 'balanceOf' ? 150_000_000n : null
  },
  stateAt: async () => ({ header, reader: tree, prove: (path) => tree.prove(path) }),
  round: async (number) =>
    number === 'latest' || number === 1n
      ? {
          number: 1n,
          term: 0,
          startSlot: 0n,
          startTimeMs: 0,
          order: [alice],
          extra: alice,
          excluded: [],
          finalized: false,
          slots: [
            {
              slot: 9n,
              timeMs: 36_000,
              producer: alice,
              isExtra: true,
              state: 'produced',
              height: 3n,
              hash: header.hash,
            },
          ],
        }
      : undefined,
  term: async (term) =>
    term === 'latest' || term === 0
      ? { term: 0, startHeight: 0n, producers: [alice], startsAtMs: 0, endsAtMs: 604_800_000 }
      : undefined,
  delegates: async () => [
    { address: alice, isProducer: true, produced: 2n, missed: 1n, excludedUntilMs: undefined, paused: false },
  ],
  pending: () => [{ id, transaction, sizeBytes: 200 }],
  executionCosts: () => [
    {
      contract: 'token',
      method: 'transfer',
      calls: 3,
      units: 23,
      expectedUs: 12.5,
      totalExpectedUs: 40,
      totalMeasuredUs: 37.5,
    },
  ],
  subscribe: (handler) => {
    emit = handler
    return () => {
      emit = () => {}
    }
  },
  devnet: {
    accounts: () => [{ address: alice, privateKey: bytesToHex(key), label: 'one' }],
    fastForward: async (ms) => {
      clock += ms
    },
    pause: () => {},
    resume: () => {},
    signal: async () => {},
  },
}

let server: RpcServer
let url = ''
let port = 0
beforeAll(async () => {
  server = createRpcServer({
    node,
    contracts: () => ({ running: contracts, known: contracts }),
    logger: silent,
    port: 0,
  })
  ;({ url, port } = await server.listen())
})
afterAll(() => server.close())
afterEach(() => {
  refuse.next = undefined
  clock = 40_000
})

type Reply = {
  readonly result?: unknown
  readonly error?: {
    readonly code: number
    readonly message: string
    readonly data: {
      readonly code: RpcErrorCode
      readonly help: string
      readonly field?: string
      readonly details?: Record<string, unknown>
      readonly retryable: boolean
    }
  }
}
async function post(body: string | Uint8Array): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    body: body as BodyInit,
    headers: { 'content-type': 'application/json' },
  })
  const text = await response.text()
  return text === '' ? undefined : JSON.parse(text)
}
const ask = async (method: string, params: unknown = []): Promise<Reply> =>
  (await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as Reply

const call = { from: alice, contract: 'token', method: 'transfer', args: { to: alice, symbol: 'ELF', amount: '5' } }
const good: { readonly [Name in RouteName]?: readonly unknown[] } = {
  aelf_chainInfo: [],
  aelf_getBlock: ['latest', { transactions: 'full' }],
  aelf_getBlocks: [0, '3'],
  aelf_getHeader: [header.hash],
  aelf_getTransaction: [id],
  aelf_sendTransaction: ['0x00'],
  aelf_sendTransactions: [['0x00', '0x01']],
  aelf_simulate: [call],
  aelf_estimateFee: [call],
  aelf_call: ['token', 'balanceOf', { account: alice, symbol: 'ELF' }],
  aelf_getProof: ['token', 'balances', [alice, 'ELF']],
  aelf_getTransactionProof: [id],
  aelf_getStateProofs: [[id]],
  aelf_getRound: [],
  aelf_getTerm: ['latest'],
  aelf_getDelegates: [],
  aelf_getMempool: [],
  aelf_getMetadata: [],
  aelf_executionCosts: [],
  aelf_devAccounts: [],
  aelf_fastForward: [{ seconds: 5 }],
  aelf_pauseDelegate: [alice],
  aelf_resumeDelegate: [alice],
  aelf_signalCollection: [alice, null],
}

describe('every method', () => {
  test.each(routeNames.filter((name) => good[name] !== undefined))(
    'default: %s answers what its schema says',
    async (name) => {
      const { result, error } = await ask(name, good[name])
      expect(error).toBeUndefined()
      const schema: { safeParse(value: unknown): { error?: { issues: unknown[] } } } = routes[name].result
      expect(schema.safeParse(result).error?.issues ?? []).toEqual([])
    },
  )

  test.each(routeNames)('error: %s refuses wrong parameters, naming field and remedy', async (name) => {
    const count = routes[name].names.length
    for (const params of [[{ bad: [] }, { bad: 1 }, 5, 6], Array(count + 1).fill(null), { stranger: 1 }]) {
      const { error } = await ask(name, params)
      const expected =
        routes[name].access === 'socket' ? ['rpc.needsWebSocket', 'rpc.invalidParams'] : ['rpc.invalidParams']
      expect(expected).toContain(error?.data.code)
      if (error?.data.code !== 'rpc.invalidParams') continue
      expect(error.code).toBe(-32602)
      expect(error.data.field).toMatch(/^params/)
      expect(error.data.help.length).toBeGreaterThan(5)
    }
  })

  test('behavior: numbers of errors are unique and each has a remedy', () => {
    const numbers = Object.values(rpcErrors).map((kind) => kind.number)
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const kind of Object.values(rpcErrors)) expect(kind.help).toMatch(/\.$/)
  })
})

describe('answers', () => {
  test('behavior: blocks carry decoded transactions, named errors and decoded events', async () => {
    const { result } = await ask('aelf_getBlock', ['3', { transactions: 'full' }])
    expect(result).toMatchObject({
      height: '3',
      consensus: { isExtra: true, round: '1' },
      transactions: [
        {
          decoded: { method: 'transfer', intent: `Send 2.5 ELF to ${alice}`, args: { amount: '250000000' } },
          receipt: {
            status: 'failed',
            error: { code: 'token.insufficientBalance', help: 'Hold more.' },
            events: [{ name: 'Transfer', fields: { amount: '3' } }],
          },
        },
      ],
    })
  })

  test('behavior: a proof verifies against the state root, for presence and absence', async () => {
    const present = (await ask('aelf_getProof', ['token', 'balances', [alice, 'ELF']])).result as {
      path: string
      value: `0x${string}`
      proof: `0x${string}`
      decoded: unknown
    }
    expect(present.decoded).toEqual({ amount: '120' })
    const check = (view: typeof present, value: Uint8Array | undefined) =>
      verifySparseProof(tree.root, asHash(view.path), value, decodeSparseProof(hexToBytes(view.proof)))
    expect(check(present, hexToBytes(present.value))).toBe(true)
    const absent = (await ask('aelf_getProof', ['token', 'balances', [alice, 'OTHER']])).result as typeof present
    expect(absent.value).toBeNull()
    expect(check(absent, undefined)).toBe(true)
  })

  test.each<[RouteName, unknown[], RpcErrorCode, string | undefined]>([
    ['aelf_getBlock', [99], 'block.notFound', 'params[0]'],
    ['aelf_getBlocks', [0, 100], 'rpc.invalidParams', 'params[1]'],
    ['aelf_getBlocks', [5, 4], 'rpc.invalidParams', 'params[1]'],
    ['aelf_getRound', [7], 'round.notFound', 'params[0]'],
    ['aelf_getTerm', [7], 'term.notFound', 'params[0]'],
    ['aelf_getTransactionProof', [ZERO_HASH], 'proof.unavailable', undefined],
    ['aelf_call', ['none', 'balanceOf'], 'contract.unknown', 'params[0]'],
    ['aelf_call', ['token', 'none'], 'contract.unknownMethod', 'params[1]'],
    ['aelf_call', ['token', 'balanceOf', { account: alice }], 'contract.invalidArguments', 'params[2].symbol'],
    [
      'aelf_call',
      ['token', 'balanceOf', { account: '0x1', symbol: 'ELF' }],
      'contract.invalidArguments',
      'params[2].account',
    ],
    [
      'aelf_call',
      ['token', 'balanceOf', { account: alice, symbol: '\ud800' }],
      'contract.invalidArguments',
      'params[2].symbol',
    ],
    ['aelf_call', ['token', 'balanceOf', { account: alice, symbol: 'ELF' }, { at: 1 }], 'state.unavailable', undefined],
    // A node that waits for the bundle of the next contracts.
    ['aelf_call', ['token', 'balanceOf', { account: alice, symbol: 'ELF' }, { at: 2 }], 'rpc.notReady', undefined],
    ['aelf_getProof', ['token', 'balances', [alice]], 'contract.invalidArguments', 'params[2]'],
    [
      'aelf_simulate',
      [{ ...call, args: { ...call.args, amount: '1e5' } }],
      'contract.invalidArguments',
      'params[0].args.amount',
    ],
    [
      'aelf_simulate',
      [{ ...call, args: { ...call.args, amount: String(2n ** 256n) } }],
      'contract.invalidArguments',
      'params[0].args.amount',
    ],
    [
      'aelf_simulate',
      [{ ...call, args: { ...call.args, more: 1 } }],
      'contract.invalidArguments',
      'params[0].args.more',
    ],
    [
      'aelf_simulate',
      [{ ...call, args: { to: alice, symbol: 'ELF' } }],
      'contract.invalidArguments',
      'params[0].args.amount',
    ],
  ])('error: %s %j → %s', async (name, params, code, field) => {
    const { error } = await ask(name, params)
    expect(error?.data.code).toBe(code)
    if (field !== undefined) expect(error?.data.field).toBe(field)
    expect(error?.data.help).not.toBe('')
  })

  test('error: refusals of the waiting room keep their name, help and reason', async () => {
    refuse.next = new AelfError('tx.markExpired', 'too old', { details: { help: 'Sign again.', height: 5n } })
    expect((await ask('aelf_sendTransaction', ['0x00'])).error).toMatchObject({
      code: 1104,
      data: { code: 'tx.markExpired', help: 'Sign again.', details: { reason: 'too old', height: '5' } },
    })
    refuse.next = new AelfError('tx.refused', 'no', { details: { contract: 1, error: 1 } })
    expect((await ask('aelf_sendTransaction', ['0x00'])).error?.data.details).toEqual({
      error: { code: 'token.insufficientBalance', help: 'Hold more.', contract: 1, error: 1 },
    })
    refuse.next = new AelfError('other.secret', '/some/path')
    expect(JSON.stringify((await ask('aelf_sendTransaction', ['0x00'])).error)).not.toContain('path')
  })

  test('behavior: transactions sent together each have their own outcome, in order', async () => {
    refuse.once = new AelfError('tx.markExpired', 'too old', { details: { help: 'Sign again.' } })
    const { result } = await ask('aelf_sendTransactions', [['0x00', '0x01']])
    expect(result).toEqual([{ error: expect.objectContaining({ code: 1104 }) }, { id: expect.any(String) }])
    expect((await ask('aelf_sendTransactions', [[]])).error?.data).toMatchObject({ field: 'params[0]' })
    const many = Array.from({ length: MAX_SENT_TOGETHER + 1 }, () => '0x00')
    expect((await ask('aelf_sendTransactions', [many])).error?.data.help).toContain('at most 256 transactions')
    expect((await ask('aelf_sendTransactions', [['0x00', 'no']])).error?.data.field).toBe('params[0].1')
  })

  test('behavior: subscribers receive what the schema says', async () => {
    const socket = new WebSocket(url.replace('http', 'ws'))
    const got: { id?: number; result?: string; params?: { result: unknown } }[] = []
    socket.on('message', (data) => {
      got.push(JSON.parse(String(data)))
    })
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    for (const topic of ['heads', 'finalized', 'pending'])
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'aelf_subscribe', params: [topic] }))
    await eventually(() => got.length).toBe(3)
    emit({ kind: 'head', header, removed: [], added: [header.hash] })
    emit({ kind: 'finalized', header })
    emit({ kind: 'pending', id, transaction })
    await eventually(() => got.length).toBe(6)
    expect(got[3]?.params?.result).toMatchObject({ height: '3', added: [header.hash], timeMs: 36_000 })
    expect(got[5]?.params?.result).toMatchObject({ id, decoded: { method: 'transfer' } })
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'aelf_unsubscribe', params: [got[0]?.result] }))
    await eventually(() => got.length).toBe(7)
    expect(got[6]?.result).toBe(true)
    socket.close()
  })

  test('behavior: readiness follows the age of the head', async () => {
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    clock = 36_000 + 81_000
    const late = await fetch(`${url}/ready`)
    expect(late.status).toBe(503)
    expect(((await late.json()) as { reason: string }).reason).toContain('81 seconds')
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })
})

describe('wallets', () => {
  test('behavior: a wallet can add the network and show the balance', async () => {
    expect((await ask('eth_chainId')).result).toBe('0x5d5a71')
    expect((await ask('net_version')).result).toBe('6118001')
    expect((await ask('eth_blockNumber')).result).toBe('0x3')
    expect((await ask('eth_getBalance', [alice, 'latest'])).result).toBe(
      `0x${(1_500_000_000_000_000_000n).toString(16)}`,
    )
    expect((await ask('eth_getBlockByNumber', ['latest', false])).result).toMatchObject({
      number: '0x3',
      hash: header.hash,
      timestamp: '0x24',
    })
    expect((await ask('eth_getBlockByNumber', ['0x63', false])).result).toBeNull()
    expect((await ask('eth_getTransactionCount', [alice, 'latest'])).result).toBe('0x0')
    expect((await ask('eth_call', [{ to: alice, data: '0x' }, 'latest'])).result).toBe('0x')
    expect((await ask('eth_accounts')).result).toEqual([])
    expect((await ask('eth_getBalance', ['nobody'])).error?.data.code).toBe('rpc.invalidParams')
    expect((await ask('eth_sendRawTransaction', ['0x'])).error?.data.details).toEqual({ use: 'aelf_sendTransaction' })
  })
})

/** A value that fits nowhere in particular. */
const odd = fc.oneof(
  fc.anything({ maxDepth: 3 }),
  fc.constantFrom(
    null,
    '',
    '0x',
    '0X00',
    ' 1',
    '1e400',
    '９',
    '-1',
    '9'.repeat(5_000),
    2 ** 53,
    -1,
    0.5,
    1e308,
    [],
    {},
    [[]],
    '__proto__',
    '\ud800',
    'a'.repeat(70_000),
    { __proto__: null },
    `0x${'f'.repeat(64)}`,
    alice,
    'latest',
    true,
  ),
  fc.bigInt().map(String),
  fc.string({ unit: 'binary' }),
)
const closed: ReadonlySet<string> = new Set(Object.keys(rpcErrors))

/** Accepts only what the interface promises: a result, or an error of the closed list that shows nothing of the inside. */
function judge(reply: unknown): void {
  for (const entry of Array.isArray(reply) ? reply : [reply]) {
    if (entry === undefined) continue
    const { error } = entry as Reply
    if (error === undefined) continue
    expect(closed.has(error.data.code)).toBe(true)
    expect(error.data.code).not.toBe('rpc.internal')
    expect(error.code).toBe(rpcErrors[error.data.code].number)
    expect(JSON.stringify(error)).not.toMatch(/node_modules|\.ts:|at \S+ \(/)
  }
}

describe('hostile callers', () => {
  test('behavior: thousands of odd parameters, one closed list of errors', async () => {
    const methods = [...routeNames, 'eth_getBalance', 'eth_getBlockByNumber', 'eth_getBlockByHash', 'eth_call']
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...methods), fc.oneof(fc.array(odd, { maxLength: 5 }), odd)), {
          minLength: 40,
          maxLength: 60,
        }),
        async (calls) => {
          const texts = calls.map(([method, params]) => encodeLoosely({ jsonrpc: '2.0', id: 1, method, params }))
          judge(await post(`[${texts.join()}]`))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('behavior: each parameter of each method against each odd value', async () => {
    const values = [
      null,
      true,
      -1,
      0.5,
      1e21,
      2 ** 53,
      '',
      ' ',
      '0x',
      '0xzz',
      '0x' + 'F'.repeat(40),
      '１２',
      '1'.repeat(79),
      [],
      [1],
      {},
      { at: -1 },
      { transactions: 'all' },
      '__proto__',
      'constructor',
    ]
    for (const name of routeNames) {
      const sample = good[name] ?? ['heads']
      const texts = sample.flatMap((_, place) =>
        values.map((value) =>
          encodeLoosely({
            jsonrpc: '2.0',
            id: 1,
            method: name,
            params: sample.map((given, at) => (at === place ? value : given)),
          }),
        ),
      )
      for (let from = 0; from < texts.length; from += 100)
        judge(await post(`[${texts.slice(from, from + 100).join()}]`))
    }
  })

  test('behavior: random bytes, cut and mixed messages', async () => {
    const seed = Buffer.from(
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'aelf_getBlock', params: ['latest', { transactions: 'ids' }] }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(seed.length), fc.nat(255)), { maxLength: 8 }),
        fc.nat(seed.length),
        fc.uint8Array({ maxLength: 64 }),
        async (flips, cut, tail) => {
          const bytes = Buffer.concat([seed.subarray(0, cut), tail, seed.subarray(cut)])
          for (const [at, value] of flips) bytes[at] = value
          judge(await post(bytes))
        },
      ),
      { numRuns: 600 },
    )
  })

  test('behavior: a flood over a WebSocket is answered in order of work, memory stays flat, others are served', async () => {
    const total = 6_000
    const socket = new WebSocket(url.replace('http', 'ws'))
    await new Promise((resolve) => {
      socket.once('open', resolve)
    })
    let answers = 0
    socket.on('message', (data) => {
      answers += 1
      if (answers % 50 === 0) judge(JSON.parse(String(data)))
    })
    const flood = (count: number) => {
      for (let sent = 0; sent < count; sent++) {
        socket.send(
          sent % 3 === 0
            ? '[[[['
            : sent % 3 === 1
              ? encodeLoosely({ jsonrpc: '2.0', id: sent, method: 'aelf_getBlock', params: [sent % 7, sent] })
              : '{"jsonrpc":"2.0","id":1,"method":"aelf_chainInfo"}',
        )
      }
    }
    flood(1_000)
    await eventually(() => answers).toBe(1_000)
    const before = process.memoryUsage().heapUsed
    const begin = process.cpuUsage()
    flood(total - 1_000)
    const neighbour = process.cpuUsage()
    expect((await ask('net_version')).result).toBe('6118001')
    expect(cpuMs(neighbour)).toBeLessThan(1_500)
    await eventually(() => answers).toBe(total)
    expect(cpuMs(begin)).toBeLessThan(6_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(96 * 1_048_576)
    socket.close()
  })

  test('behavior: worst messages within the limits keep the loop free', async () => {
    const worst = [
      `[${Array(100)
        .fill(
          JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'aelf_sendTransaction',
            params: ['0x' + 'zz'.repeat(5_000)],
          }),
        )
        .join()}]`,
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'aelf_getBlock', params: ['9'.repeat(1_000_000)] }),
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'aelf_getProof',
        params: ['token', 'balances', Array(200_000).fill(0)],
      }),
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'aelf_simulate',
        params: [{ ...call, args: Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`a${at}`, at])) }],
      }),
      JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(900_000), method: 'aelf_chainInfo' }),
      '"'.repeat(1_000_000),
      '\\'.repeat(1_000_000),
      '[{'.repeat(500_000),
      '{"a":'.repeat(200_000),
      `[${' '.repeat(1_000_000)}]`,
    ]
    for (const body of worst) {
      const begin = process.cpuUsage()
      judge(await post(body))
      expect(cpuMs(begin)).toBeLessThan(500)
    }
  })

  test('behavior: garbage on the bare socket ends that socket only', async () => {
    const heads = [
      '\u0016\u0003\u0001\u0002',
      'GET',
      'POST / HTTP/1.1\r\n__proto__: x\r\nhost: localhost\r\ncontent-length: 5\r\n\r\n{',
      'POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
      'GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n\u00ff\u00ff',
    ]
    const sockets = Array.from({ length: 120 }, (_, at) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.write(heads[at % heads.length] ?? '', 'latin1')
      })
      socket.on('error', () => {})
      return socket
    })
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    for (const socket of sockets) socket.destroy()
    expect((await ask('net_version')).result).toBe('6118001')
  })
})

/** Processor time spent since, client and server together: unlike time on the clock it ignores busy neighbours. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1_000
}

/** JSON of values that JSON cannot hold, as near as it gets. */
function encodeLoosely(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) => (typeof entry === 'bigint' ? String(entry) : entry)) ?? 'null'
}
