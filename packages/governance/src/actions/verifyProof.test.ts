import {
  EMPTY_LIST_ROOT,
  emptySparseTree,
  encodeFields,
  encodeHeader,
  encodeListProof,
  encodeProducers,
  encodeReceipt,
  encodeSparseProof,
  encodeTransaction,
  type Header,
  producersHash,
  proveReceipt,
  proveTransaction,
  type Receipt,
  receiptRootOf,
  type SignedHeader,
  type SignedTransaction,
  type SparseTree,
  signHeader,
  transactionId,
  transactionRootOf,
} from '@aelf/chain/kernel'
import { encodeCall, encodeItemKey } from '@aelf/chain/metadata'
import { asHash, type Bytes, bytesToHex, hexToBytes, privateKeyToAddress, ZERO_HASH } from '@aelf/chain/primitives'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address, Hash, Hex } from '#domain'
import {
  type AelfClient,
  BaseError,
  getHeaderProof,
  getStateProof,
  getTransactionProof,
  type ProofPins,
  type ProofReport,
  verifyProof,
} from './index.ts'

// ---- an honest network: 40 blocks of a first term, 40 of a second, signed by real keys ----

const keyOf = (seed: number): Bytes => new Uint8Array(32).fill(seed)
const entryOf = (seed: number) => ({
  address: privateKeyToAddress(keyOf(seed)),
  commitment: asHash(`0x${seed.toString(16).padStart(64, '0')}`),
})
const SEEDS = [
  [1, 2, 3, 4, 5, 6, 7],
  [3, 4, 5, 6, 7, 8, 9],
] as const
const CHANGE = 40
const HEAD = 80
const GENESIS: Hash = `0x${'cd'.repeat(32)}`
const ACCOUNT: Address = `0x${'aa'.repeat(20)}`
const NOBODY: Address = `0x${'bb'.repeat(20)}`
const AMOUNT = 1_234_500_000_000n

function balances(amounts: Readonly<Record<string, bigint>>): SparseTree {
  const entries = Object.entries(amounts).map(([account, amount]) => {
    const value = encodeFields([{ name: 'amount', type: 'uint256' }], { amount })
    return [encodeItemKey('token', 'balances', [account, 'ELF']).path, value] as const
  })
  return emptySparseTree().update(new Map(entries))
}

const others = Array.from({ length: 30 }, (_, index) => [entryOf(index + 20).address, BigInt(index + 1)])
const tree = balances({ ...Object.fromEntries(others), [ACCOUNT]: AMOUNT })
const payment = (nonce: string): SignedTransaction => ({
  ...{ version: 1, walletChainId: 1n, from: entryOf(30).address, refHeight: 1n, refHash: '0x0000000000000000' },
  ...encodeCall('token', 'transfer', { to: ACCOUNT, symbol: 'ELF', amount: 5n }),
  feeLimit: 9n,
  nonce: `0x${nonce.repeat(8)}`,
  authorization: { kind: 0, signature: `0x${'11'.repeat(65)}` },
})
const transactions = ['01', '02', '03', '04', '05'].map(payment)
const ids = transactions.map(transactionId)
const receipts: Receipt[] = ids.map((id) => ({ transactionId: id, status: 'success', fee: 7n, events: [] }))

function consensusOf(term: number, next: Hash): Bytes {
  const words = [bytesOf(3n, 8), bytesOf(BigInt(term), 4), new Uint8Array(48), hexToBytes(next), Uint8Array.of(0)]
  return Uint8Array.from(words.flatMap((word) => [...word]))
}
const bytesOf = (value: bigint, width: number): Bytes => hexToBytes(`0x${value.toString(16).padStart(width * 2, '0')}`)

interface Making {
  readonly parent: Hash
  readonly height: number
  readonly seed: number
  readonly term: number
  readonly change?: Partial<Header>
}

function makeHeader({ parent, height, seed, term, change }: Making): SignedHeader {
  const next = height === CHANGE - 2 ? producersHash(SEEDS[1].map(entryOf)) : ZERO_HASH
  const content: Header = {
    ...{ version: 1, chainId: 9, height: BigInt(height), parentHash: asHash(parent), slot: BigInt(height * 2) },
    ...{ producer: entryOf(seed).address, transactionRoot: transactionRootOf(transactions) },
    ...{ receiptRoot: receiptRootOf(receipts), stateRoot: tree.root, indexRoot: EMPTY_LIST_ROOT, signal: ZERO_HASH },
    ...{ consensus: consensusOf(term, next), extension: hexToBytes(GENESIS) },
    ...change,
  }
  return signHeader(content, keyOf(seed))
}

const chain: SignedHeader[] = []
for (let height = 1; height <= HEAD; height++) {
  const term = height < CHANGE ? 1 : 2
  const seeds = SEEDS[term - 1] ?? SEEDS[0]
  const seed = seeds[(height * 3) % seeds.length] ?? 1
  chain.push(makeHeader({ parent: chain.at(-1)?.hash ?? GENESIS, height, seed, term }))
}
const headerAt = (height: number): SignedHeader => {
  const header = chain[height - 1]
  if (header === undefined) throw new Error(`no block ${height}`)
  return header
}
const rawOf = (header: SignedHeader): Hex => bytesToHex(encodeHeader(header))
const pins: ProofPins = {
  ...{ network: 'test net', genesisHash: GENESIS, chainId: 9, sinceMs: 1 },
  lists: [{ term: 1, producers: bytesToHex(encodeProducers(SEEDS[0].map(entryOf))) }],
}

const BLOCK = 60
type Answer = (...params: never[]) => unknown
const honest: Readonly<Record<string, Answer>> = {
  aelf_chainInfo: () => ({
    ...{ network: 'test net', chainId: 9, genesisHash: GENESIS },
    ...{ height: String(HEAD), finalizedHeight: String(BLOCK) },
  }),
  aelf_getHeader: (height: string) => ({ raw: rawOf(headerAt(Number(height))) }),
  aelf_getTerm: (term: number) => {
    const entries = (SEEDS[term - 1] ?? []).map(entryOf)
    const startHeight = String(term === 1 ? 1 : CHANGE)
    return { startHeight, producers: entries.map((e) => e.address), commitments: entries.map((e) => e.commitment) }
  },
  aelf_getProof: (_: string, __: string, [account]: [string], { at }: { at: string }) => {
    const { path } = encodeItemKey('token', 'balances', [account, 'ELF'])
    const value = tree.get(path)
    const proof = bytesToHex(encodeSparseProof(tree.prove(path)))
    return { value: value === undefined ? null : bytesToHex(value), proof, header: rawOf(headerAt(Number(at))) }
  },
  aelf_getTransactionProof: (id: Hash) => {
    const index = ids.indexOf(asHash(id))
    const [transaction, receipt] = [transactions[index], receipts[index]]
    if (!transaction || !receipt) throw new Error('unknown')
    return {
      envelope: bytesToHex(encodeTransaction(transaction)),
      transactionProof: bytesToHex(encodeListProof(proveTransaction(transactions, index))),
      receipt: bytesToHex(encodeReceipt(receipt)),
      receiptProof: bytesToHex(encodeListProof(proveReceipt(receipts, index))),
      header: rawOf(headerAt(BLOCK)),
    }
  },
}

/** A client of the honest network through a server that may change any answer. */
function clientOf(
  lie: (method: string, answer: unknown, params: readonly unknown[]) => unknown = (_, answer) => answer,
) {
  const request = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    const answer = honest[method]?.(...(params as never[]))
    return lie(method, JSON.parse(JSON.stringify(answer)), params)
  }
  return { request } as unknown as AelfClient
}

const key = [ACCOUNT, 'ELF']
const balance = { contract: 'token', item: 'balances', key, at: BigInt(BLOCK) }
const id = ids[2] ?? GENESIS
const factsOf = (report: ProofReport) => Object.fromEntries(report.facts.map(({ name, value }) => [name, value]))

describe('an honest server', () => {
  test('a balance, over a change of producers since it was pinned', async () => {
    const bundle = await getStateProof(clientOf(), { ...balance, pins })
    const report = verifyProof(bundle, { pins, said: { amount: AMOUNT.toString() } })
    expect(report).toMatchObject({
      verdict: 'verified',
      trust: 'followed',
      term: 2,
      needed: 5,
      signers: 5,
      producers: 7,
    })
    expect(report.steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(report.pins?.lists.map((list) => list.term)).toEqual([1, 2])
    const again = await getStateProof(clientOf(), { ...balance, pins: report.pins as ProofPins })
    expect(again.changes).toEqual([])
    expect(verifyProof(again, { pins: report.pins })).toMatchObject({ verdict: 'verified', trust: 'pinned' })
  })

  test('first use pins; an older term says so; a bundle survives as a file', async () => {
    const bundle = await getStateProof(clientOf(), balance)
    const first = verifyProof(JSON.parse(JSON.stringify(bundle)), { nowMs: 5 })
    expect(first).toMatchObject({ verdict: 'verified', trust: 'first', pins: { sinceMs: 5, lists: [{ term: 2 }] } })
    const older = await getHeaderProof(clientOf(), { height: 10n, pins: first.pins as ProofPins })
    const report = verifyProof(older, { pins: first.pins })
    expect(report).toMatchObject({ verdict: 'verified', trust: 'older' })
    expect(report.pins).toEqual(first.pins)
  })

  test('nothing is zero, a transaction, a header, a young block', async () => {
    const none = await getStateProof(clientOf(), { ...balance, key: [NOBODY, 'ELF'], pins })
    expect(factsOf(verifyProof(none, { pins }))).toEqual({ amount: '0' })
    const paid = verifyProof(await getTransactionProof(clientOf(), { id, pins }), { pins, said: { status: 'success' } })
    expect(paid.verdict).toBe('verified')
    expect(factsOf(paid)).toMatchObject({
      status: 'success',
      fee: '7',
      index: '2',
      height: '60',
      call: 'token.transfer',
    })
    const header = verifyProof(await getHeaderProof(clientOf(), { height: 55n, pins }), { pins })
    expect(factsOf(header)).toMatchObject({ hash: headerAt(55).hash, producer: headerAt(55).producer })
    const young = verifyProof(await getHeaderProof(clientOf(), { height: 78n, pins }), { pins })
    expect(young).toMatchObject({ verdict: 'waiting', code: 'light.quorum', signers: 3, needed: 5 })
    expect(young.pins).toBeUndefined()
  })
})

describe('a lying server', () => {
  test('a figure that is not the chain’s is a conflict that shows both', async () => {
    const bundle = await getStateProof(clientOf(), { ...balance, pins })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 100n }), (amount) => {
        fc.pre(amount !== AMOUNT)
        const report = verifyProof(bundle, { pins, said: { amount: amount.toString() } })
        expect(report.verdict).toBe('conflict')
        expect(report.differences).toEqual([{ name: 'amount', said: amount.toString(), proven: AMOUNT.toString() }])
      }),
      { numRuns: 20 },
    )
  })

  test('one producer alone cannot invent a balance, whatever it signs', async () => {
    const invented = balances({ [ACCOUNT]: AMOUNT * 9n })
    const forged: SignedHeader[] = []
    for (let height = BLOCK; height <= HEAD; height++) {
      const parent = forged.at(-1)?.hash ?? headerAt(BLOCK - 1).hash
      forged.push(makeHeader({ parent, height, seed: 4, term: 2, change: { stateRoot: invented.root } }))
    }
    const { path } = encodeItemKey('token', 'balances', key)
    const value = bytesToHex(invented.get(path) ?? new Uint8Array(0))
    const proof = bytesToHex(encodeSparseProof(invented.prove(path)))
    const forgedAt = (height: unknown) => forged[Number(height) - BLOCK]
    const client = clientOf((method, answer, params) => {
      const own = method === 'aelf_getHeader' ? forgedAt(params[0]) : undefined
      if (own) return { raw: rawOf(own) }
      return method === 'aelf_getProof' ? { value, proof, header: rawOf(forgedAt(BLOCK) ?? headerAt(BLOCK)) } : answer
    })
    const report = verifyProof(await getStateProof(client, { ...balance, pins }), { pins })
    expect(report).toMatchObject({ verdict: 'waiting', code: 'light.quorum', signers: 1 })
  })

  test('another network, an invented list, another block are refused by code', async () => {
    const bundle = await getStateProof(clientOf(), { ...balance, pins })
    const codeOf = (change: object): string | undefined => verifyProof({ ...bundle, ...change }, { pins }).code
    const list = { term: 2, producers: bytesToHex(encodeProducers([4, 5, 8].map(entryOf))) }
    expect(codeOf({ genesisHash: id })).toBe('light.network')
    const strange = makeHeader({ parent: id, height: BLOCK, seed: 4, term: 2, change: { extension: keyOf(1) } })
    expect(codeOf({ header: rawOf(strange) })).toBe('light.network')
    expect(codeOf({ lists: [list] })).toBe('light.commitment')
    expect(codeOf({ lists: [] })).toBe('light.list')
    expect(codeOf({ changes: [] })).toBe('light.list')
    expect(codeOf({ subject: { ...bundle.subject, height: '61' } })).toBe('light.height')
    expect(codeOf({ subject: { ...bundle.subject, key: [NOBODY, 'ELF'] } })).toBe('light.state')
    expect(codeOf({ header: rawOf(headerAt(61)) })).toBe('light.height')
    for (const nothing of [undefined, null, 5, [], {}, { ...bundle, header: 5 }]) {
      expect(verifyProof(nothing, { pins }).code).toBe('proof.malformed')
    }
  })

  /** Changes one random place of an answer, keeping its form where it can. */
  const lieOf = (answer: unknown, dice: (sides: number) => number): unknown => {
    if (typeof answer === 'number') return answer + 1
    if (answer === null) return '0x00'
    if (typeof answer === 'string' && answer.startsWith('0x') && answer.length > 2) {
      const at = 2 + dice(answer.length - 2)
      const digit = ((Number.parseInt(answer[at] ?? '0', 16) + 1 + dice(15)) % 16).toString(16)
      return `${answer.slice(0, at)}${digit}${answer.slice(at + 1)}`
    }
    if (typeof answer === 'string')
      return /^\d+$/.test(answer) ? String(BigInt(answer) + BigInt(1 + dice(3))) : `${answer}x`
    if (Array.isArray(answer)) {
      if (answer.length === 0) return ['0x00']
      if (answer.length > 1 && dice(3) === 0) return answer.toReversed()
      return answer.with(dice(answer.length), lieOf(answer[dice(answer.length)], dice))
    }
    const row = answer as Record<string, unknown>
    const names = Object.keys(row)
    const name = names[dice(names.length)] ?? ''
    return { ...row, [name]: lieOf(row[name], dice) }
  }

  const subjects = {
    balance: (client: AelfClient) => getStateProof(client, { ...balance, pins }),
    transaction: (client: AelfClient) => getTransactionProof(client, { id, pins }),
    header: (client: AelfClient) => getHeaderProof(client, { height: BigInt(BLOCK), pins }),
  }
  test.each(Object.keys(subjects) as (keyof typeof subjects)[])(
    'random lies about a %s are all caught',
    async (kind) => {
      const truth = factsOf(verifyProof(await subjects[kind](clientOf()), { pins }))
      let caught = 0
      let harmless = 0
      await fc.assert(
        fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 2 ** 20 })), async (stream) => {
          const dice = (sides: number): number => Number(stream.next().value) % sides
          const turn = dice(12)
          let calls = 0
          const client = clientOf((_, answer) => (calls++ === turn ? lieOf(answer, dice) : answer))
          const outcome = await subjects[kind](client).then(
            (bundle) => verifyProof(bundle, { pins, said: truth }),
            (error: unknown) => error,
          )
          if (outcome instanceof BaseError) {
            expect(outcome.code).toMatch(/^\w+\.\w+$/)
            caught++
            return
          }
          const report = outcome as ProofReport
          if (report.verdict === 'verified') {
            // The lie was beside the point (a name, a height to stop at, a call that never happened): the facts are the truth.
            expect(factsOf(report)).toEqual(truth)
            harmless++
            return
          }
          expect(report.code).toMatch(/^\w+\.\w+$/)
          caught++
        }),
        { numRuns: 50, seed: 7 },
      )
      expect(caught).toBeGreaterThan(15)
      expect(caught + harmless).toBe(50)
    },
  )

  test.each(Object.keys(subjects) as (keyof typeof subjects)[])(
    'whatever is changed inside a proof of a %s, it is refused',
    async (kind) => {
      const known = verifyProof(await subjects[kind](clientOf()), { pins }).pins as ProofPins
      const { network, ...bundle } = await subjects[kind](clientOf())
      const material = { ...bundle, lists: [], changes: [] }
      const truth = factsOf(verifyProof({ network, ...material }, { pins: known }))
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat({ max: 2 ** 20 })), (stream) => {
          const dice = (sides: number): number => Number(stream.next().value) % sides
          const lie = lieOf(material, dice)
          fc.pre(JSON.stringify(lie) !== JSON.stringify(material))
          const report = verifyProof({ network, ...(lie as object) }, { pins: known, said: truth })
          expect(report.verdict).toMatch(/refused|conflict/)
          expect(report.pins === undefined || report.verdict === 'conflict').toBe(true)
        }),
        { numRuns: 120, seed: 11 },
      )
    },
  )
})
