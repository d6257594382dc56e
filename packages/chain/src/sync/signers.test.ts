import { expect, test } from 'vitest'
import { EMPTY_LIST_ROOT, encodeHeaderEntry, type SignedHeader, sealHeader } from '#kernel'
import { type Address, asAddress, type Clock, ZERO_ADDRESS, ZERO_HASH } from '#primitives'
import { SyncError } from './errors.ts'
import { Guides } from './guides.ts'
import type { HeaderChain } from './headerChain.ts'
import { Opinion } from './opinion.ts'
import { Roster } from './roster.ts'
import type { SyncPorts, SyncQuestion } from './types.ts'

const quiet = (): void => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const still: Clock = { now: () => 0, after: () => quiet }

function headerAt(height: bigint, parentHash: typeof ZERO_HASH): SignedHeader {
  const fields = {
    version: 1,
    chainId: 1,
    height,
    parentHash,
    slot: height,
    producer: asAddress(`0x${height.toString(16).padStart(40, '0')}`),
    transactionRoot: EMPTY_LIST_ROOT,
    receiptRoot: EMPTY_LIST_ROOT,
    stateRoot: ZERO_HASH,
    indexRoot: EMPTY_LIST_ROOT,
    signal: ZERO_HASH,
    consensus: new Uint8Array(0),
    extension: new Uint8Array(0),
  } as const
  return sealHeader(fields, `0x${'00'.repeat(65)}`)
}

const base = headerAt(0n, ZERO_HASH)
const headers: SignedHeader[] = []
for (let height = 1n; height <= 4n; height += 1n) headers.push(headerAt(height, (headers.at(-1) ?? base).hash))

/** Asks one peer for headers, whose answer `signersOf` is asked about. */
async function asking(signersOf: SyncPorts<null>['signersOf']) {
  const roster = new Roster(still)
  const judged: string[] = []
  const checked: (Address | undefined)[] = []
  const node = { header: base, state: null }
  let request = 0
  const ports = {
    clock: still,
    logger,
    signersOf,
    engine: {
      validate(_state: null, header: SignedHeader, { signer }: { signer?: Address }) {
        checked.push(signer)
        return signer === undefined || signer === header.producer ? undefined : new SyncError('sync.header', 'wrong')
      },
      apply: () => null,
      choose: () => 1,
      finalise: () => ({ prevoted: 0n, finalized: 2n }),
    },
    ledger: {
      head: () => node,
      headState: () => null,
      finalized: () => node,
      node: (hash: string) => (hash === base.hash ? node : undefined),
      hashAt: async () => base.hash,
    },
    checkHeader: quiet,
    nowSlot: () => 100n,
    judge: (_peer: string, conduct: string) => judged.push(conduct),
    ask: (_peer: string, question: SyncQuestion) => {
      request = question.request
    },
  } as unknown as SyncPorts<null>
  const adopted: HeaderChain<null>[] = []
  const guides = new Guides<null>({
    ports,
    roster,
    opinion: new Opinion(roster, ports),
    work: quiet,
    adopt: (chain) => adopted.push(chain),
  })
  roster.heard('peer', 4n)
  guides.ask(undefined, 0n)
  await expect.poll(() => request).toBe(1)
  const take = (...extra: Uint8Array[]): void =>
    guides.take(
      'peer',
      { request, headers: [...headers.map((header) => encodeHeaderEntry({ header })), ...extra] },
      () => undefined,
    )
  return { guides, take, adopted, checked, judged }
}

const producersOf = (some: readonly { producer: Address }[]): Address[] => some.map(({ producer }) => producer)
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('[SYNC-HEADER-1] behavior: signers of an answer are found together, and each header is checked against its own', async () => {
  const asked: number[] = []
  const signersOf = async (some: readonly SignedHeader[]) => {
    asked.push(some.length)
    return producersOf(some as never)
  }
  const { take, adopted, checked } = await asking(signersOf)
  take()
  await turn()
  expect(asked).toEqual([4])
  expect(checked).toEqual(producersOf(headers))
  expect(adopted.map((chain) => chain.tip().header.height)).toEqual([4n])
})

test('[SYNC-HEADER-1] error: one wrong signer, or what does not decode, ends the answer and its peer is a liar', async () => {
  const wrong = await asking(async (some) => producersOf(some as never).with(1, ZERO_ADDRESS))
  wrong.take()
  await turn()
  expect(wrong.checked).toHaveLength(2)
  expect(wrong.judged).toEqual(['invalid'])
  const malformed = await asking(async (some) => producersOf(some as never))
  malformed.take(Uint8Array.of(9))
  await turn()
  expect(malformed.checked).toEqual(producersOf(headers))
  expect(malformed.judged).toEqual(['invalid'])
})

test('behavior: where signers cannot be found together, each header is checked by itself', async () => {
  const { take, adopted, checked } = await asking(() => Promise.reject(new Error('no threads')))
  take()
  await turn()
  expect(checked).toEqual([undefined, undefined, undefined, undefined])
  expect(adopted).toHaveLength(1)
})

test('behavior: of a peer that left while its signers were looked for, nothing is taken', async () => {
  const { guides, take, adopted, checked } = await asking(async (some) => producersOf(some as never))
  take()
  guides.silent('peer')
  await turn()
  expect([adopted, checked]).toEqual([[], []])
})
