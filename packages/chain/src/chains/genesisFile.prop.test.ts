import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { asAddress, asHash } from '#primitives'
import { createGenesisChain, GENESIS_LIMITS, loadGenesisFile, writeGenesisFile } from './genesisFile.ts'
import { createMainChain, type MainChainOptions } from './mainChain.ts'

const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value) => Buffer.from(value))
const address = hex(20).map((value) => asAddress(`0x${value.toString('hex')}`))
const hash = hex(32).map((value) => asHash(`0x${value.toString('hex')}`))
const DEPOSIT = 10_000_000_000_000n

/** Chains that the contracts accept: every delegate can pay its deposit and its vote. */
const options: fc.Arbitrary<MainChainOptions> = fc
  .record({
    network: fc.stringMatching(/^[ -~]{1,64}$/),
    chainId: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    genesisTimeMs: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
    slotMs: fc.integer({ min: 100, max: 60_000 }),
    termSeconds: fc.integer({ min: 10, max: 31_622_400 }),
    foundation: address,
    // Older files name no members.
    members: fc.option(fc.uniqueArray(address, { minLength: 1, maxLength: 5 }), { nil: undefined }),
    people: fc.uniqueArray(fc.tuple(address, hash, fc.stringMatching(/^[ -~]*[!-~][ -~]*$/, { maxLength: 64 })), {
      minLength: 1,
      maxLength: 4,
      selector: ([one]) => one,
    }),
    more: fc.bigInt({ min: 100_000_000n, max: 2n ** 90n }),
    lockDays: fc.integer({ min: 90, max: 1_080 }),
    commissionBps: fc.integer({ min: 0, max: 10_000 }),
    feeBase: fc.bigInt({ min: 0n, max: 2n ** 60n }),
  })
  .map(({ people, more, lockDays, commissionBps, feeBase, members, ...rest }) => ({
    ...rest,
    ...(members === undefined ? {} : { members, memberThreshold: (members.length >> 1) + 1 }),
    producers: people.slice(0, 2).map(([one, commitment]) => ({ address: one, commitment })),
    candidates: people.map(([one, commitment, name]) => ({
      address: one,
      commitment,
      name: name.slice(0, 64).trim() || 'x',
      url: '',
      commissionBps,
    })),
    votes: people.map(([one]) => ({ voter: one, delegate: one, amount: more, lockDays })),
    balances: people.map(([account]) => ({ account, amount: DEPOSIT + more })),
    params: { 'token.feeBase': feeBase },
  }))

describe('genesis files', () => {
  test('property: what was written is read back, and its chain has the same hash', () => {
    fc.assert(
      fc.property(options, (given) => {
        const text = writeGenesisFile(given)
        expect(loadGenesisFile(text)).toEqual(given)
        expect(createGenesisChain(text).network).toEqual(createMainChain(given).network)
      }),
      { numRuns: 30 },
    )
  })

  const valid = (): Record<string, unknown> & Record<'producers' | 'candidates' | 'votes' | 'balances', object[]> => {
    const [first = {}, second = {}] = fc.sample(
      options.filter(({ candidates }) => candidates.length > 1),
      { numRuns: 2, seed: 7 },
    )
    return {
      ...JSON.parse(writeGenesisFile(second as MainChainOptions)),
      ...JSON.parse(writeGenesisFile(first as MainChainOptions)),
    }
  }
  const thrown = (text: string): unknown => {
    try {
      createGenesisChain(text)
    } catch (error) {
      return error
    }
    return undefined
  }
  const one = `0x${'11'.repeat(20)}`

  test.each<[string, (file: ReturnType<typeof valid>) => unknown]>([
    ['', () => []],
    ['format', (file) => ({ ...file, format: 'other' })],
    ['network', (file) => ({ ...file, network: 'a\u001bb' })],
    ['network', ({ network: _, ...file }) => file],
    ['chainId', (file) => ({ ...file, chainId: 0 })],
    ['chainId', (file) => ({ ...file, chainId: '1' })],
    ['genesisTimeMs', (file) => ({ ...file, genesisTimeMs: 1.5 })],
    ['slotMs', (file) => ({ ...file, slotMs: 99 })],
    ['termSeconds', (file) => ({ ...file, termSeconds: -1 })],
    ['foundation', (file) => ({ ...file, foundation: '0x12' })],
    ['members', (file) => ({ ...file, members: [] })],
    ['members[1]', (file) => ({ ...file, members: [one, one], memberThreshold: 1 })],
    ['memberThreshold', (file) => ({ ...file, members: [one], memberThreshold: 2 })],
    ['members', (file) => ({ ...file, members: undefined, memberThreshold: 1 })],
    ['producers', (file) => ({ ...file, producers: [] })],
    ['producers', (file) => ({ ...file, producers: { length: 1 } })],
    ['producers[0].address', (file) => ({ ...file, producers: [{}] })],
    [
      'producers[0].commitment',
      (file) => ({ ...file, producers: [{ ...file.producers[0], commitment: `0x${'77'.repeat(32)}` }] }),
    ],
    ['producers[1].address', (file) => ({ ...file, producers: [file.producers[0], file.producers[0]] })],
    ['candidates[0].name', (file) => ({ ...file, candidates: [{ ...file.candidates[0], name: ' ' }] })],
    ['candidates[0].url', (file) => ({ ...file, candidates: [{ ...file.candidates[0], url: 'http://x' }] })],
    [
      'candidates[0].commissionBps',
      (file) => ({ ...file, candidates: [{ ...file.candidates[0], commissionBps: 10_001 }] }),
    ],
    ['candidates[0].secret', (file) => ({ ...file, candidates: [{ ...file.candidates[0], secret: 1 }] })],
    ['votes[0].delegate', (file) => ({ ...file, votes: [{ ...file.votes[0], delegate: one }] })],
    ['votes[0].lockDays', (file) => ({ ...file, votes: [{ ...file.votes[0], lockDays: 89 }] })],
    ['votes[0].amount', (file) => ({ ...file, votes: [{ ...file.votes[0], amount: '1e9' }] })],
    ['balances[0].amount', (file) => ({ ...file, balances: [{ account: one, amount: 5 }] })],
    ['balances[0].amount', (file) => ({ ...file, balances: [{ account: one, amount: (2n ** 128n).toString() }] })],
    ['params.consensus.slotMs', (file) => ({ ...file, params: { 'consensus.slotMs': '1000' } })],
    ['params.token.feeBase', (file) => ({ ...file, params: { 'token.feeBase': '-1' } })],
    ['slotMS', (file) => ({ ...file, slotMS: 1000 })],
    ['__proto__', (file) => JSON.parse(`{"__proto__":{},${JSON.stringify(file).slice(1)}`)],
  ])('error: %s', (field, change) => {
    expect(thrown(JSON.stringify(change(valid())))).toMatchObject({ code: 'genesis.field', details: { field } })
  })

  test('error: no JSON, another version, too large, refused by the contracts', () => {
    expect(thrown('{')).toMatchObject({ code: 'genesis.json' })
    expect(thrown(JSON.stringify({ ...valid(), version: 2 }))).toMatchObject({ code: 'genesis.version' })
    expect(thrown(' '.repeat(GENESIS_LIMITS.bytes + 1))).toMatchObject({ code: 'genesis.fileSize' })
    expect(thrown(JSON.stringify({ ...valid(), balances: [] }))).toMatchObject({ code: 'genesis.build' })
    expect(thrown(JSON.stringify({ ...valid(), params: { 'token.tax': '1' } }))).toMatchObject({
      code: 'genesis.build',
    })
  })

  test('property: any text gives a chain or a coded error that names what is wrong', () => {
    const file = JSON.stringify(valid())
    fc.assert(
      fc.property(fc.nat(file.length), fc.nat(40), fc.string({ maxLength: 8 }), (at, cut, put) => {
        const error = thrown(file.slice(0, at) + put + file.slice(at + cut))
        if (error !== undefined) expect(error).toMatchObject({ code: expect.stringMatching(/^genesis\./) })
      }),
      { numRuns: 150 },
    )
  })
})
