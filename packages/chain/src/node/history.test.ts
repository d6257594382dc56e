import { expect, test } from 'vitest'
import { createRevealChain, type DposState, dpos, scheduleAt } from '#consensus/dpos'
import { EMPTY_LIST_ROOT, type Genesis, genesisHashOf, type SignedHeader, sealHeader } from '#kernel'
import { type Hash, type KvOp, privateKeyToAddress, sha256, utf8ToBytes, ZERO_HASH } from '#primitives'
import { createMemoryStore } from '#store'
import { openHistory } from './history.ts'
import { Witness } from './witness.ts'

const privateKey = sha256(utf8ToBytes('history test'))
const address = privateKeyToAddress(privateKey)
const reveals = createRevealChain(privateKey, 100)
const genesis: Genesis = {
  network: 'history test',
  chainId: 7,
  genesisTimeMs: 1_700_000_000_000n,
  slotMs: 4000n,
  collectionHash: ZERO_HASH,
  state: new Map(),
  producers: [{ address, commitment: reveals.commitment }],
  params: {},
}

/** Blocks of the one producer, each with the state after it; nothing of them is signed. */
function chainOf(length: number): { header: SignedHeader; state: DposState }[] {
  const blocks: { header: SignedHeader; state: DposState }[] = []
  let state = dpos.init(genesis)
  let parentHash: Hash = genesisHashOf(genesis)
  for (let slot = 1n; blocks.length < length; slot += 1n) {
    if (scheduleAt(state, slot)?.producer !== address) continue
    const generatedHeight = BigInt(blocks.length)
    const proposal = dpos.propose(state, { slot, producer: address, generatedHeight, preimageOf: reveals.preimageOf })
    if (proposal === undefined) throw new Error(`no block in slot ${slot}`)
    const roots = { transactionRoot: EMPTY_LIST_ROOT, receiptRoot: EMPTY_LIST_ROOT, stateRoot: ZERO_HASH }
    const rest = { ...roots, indexRoot: EMPTY_LIST_ROOT, signal: ZERO_HASH, extension: new Uint8Array(0) }
    const { consensus } = proposal
    const height = generatedHeight + 1n
    const header = sealHeader(
      { version: 1, chainId: 7, height, parentHash, slot, producer: address, consensus, ...rest },
      `0x${'00'.repeat(65)}`,
    )
    state = dpos.apply(state, header, {})
    parentHash = header.hash
    blocks.push({ header, state })
  }
  return blocks
}

test('behavior: blocks that come again, because their batch was not written, give the same entries again', async () => {
  const blocks = chainOf(24)
  const open = () => openHistory(createMemoryStore(), new Witness(() => false))
  const [plain, again] = await Promise.all([open(), open()])
  const expected = blocks.map((block) => plain.onFinalized(block))
  const rounds = expected.filter((ops: readonly KvOp[]) => ops.length > 0)
  expect(rounds.length).toBeGreaterThan(4)
  for (const block of blocks.slice(0, 6)) again.onFinalized(block)
  // A batch of eighteen blocks fails, a smaller one too, then they are written.
  for (const block of blocks.slice(6)) again.onFinalized(block)
  for (const block of blocks.slice(6, 12)) again.onFinalized(block)
  expect(blocks.slice(6).map((block) => again.onFinalized(block))).toEqual(expected.slice(6))
  expect(again.production([])).toEqual(plain.production([]))
})
