import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createDevnetChain, type DevnetChain } from '#chains'
import { scheduleAt } from '#consensus/dpos'
import { createEraExecutor, type EraExecutor, singleEra } from '#executor'
import { encodeField, sealHeader } from '#kernel'
import { createNode, createSystemClock, type RunningNode } from '#node'
import { createMemoryNetwork } from '#p2p'
import { type Bytes, bytesToHash, bytesToHex, bytesToUtf8, type Hash, hexToBytes, writer } from '#primitives'
import { createGroupCommit, openBucket, openLevelStore, openNamespace } from '#store'
import { SILENT } from './fixtures.ts'
import { startNodeProcess, stopNodeProcess } from './nodeProcess.ts'

/** As many as a full block of transfers changes. */
const PER_BLOCK = 20_000
/** Blocks behind the full ones, which change next to nothing. */
const EMPTY_BLOCKS = 330
/** Short, so that the blocks made here are in the past when the program starts again. */
const SLOT_MS = 100
const BIRTH_KEY = Uint8Array.of(2)

type Delegate = DevnetChain['delegates'][number]

/** Executes as always, and adds values as large as a balance to the first blocks: what so many accounts leave behind. */
function adding(executor: EraExecutor, values: number): EraExecutor {
  let made = 0
  return Object.assign(Object.create(executor) as EraExecutor, {
    async execute(input: Parameters<EraExecutor['execute']>[0]) {
      const output = await executor.execute(input)
      const diff = new Map<Hash, Bytes | null>(output.diff)
      for (const end = Math.min(values, made + PER_BLOCK); made < end; made += 1) {
        const path = createHash('sha256').update(writer().u32(made).finish()).digest()
        diff.set(bytesToHash(new Uint8Array(path)), encodeField('uint256', BigInt(made + 1) * 1_000_000_007n))
      }
      return { ...output, diff }
    },
  })
}

async function produce({ ledger, signer }: RunningNode, delegate: Delegate, slot: bigint): Promise<boolean> {
  if (scheduleAt(ledger.headState(), slot)?.producer !== delegate.address || signer === undefined) return false
  const generatedHeight = signer.generatedHeight()
  const built = await ledger.buildBlock({
    slot,
    producer: delegate.address,
    candidates: [],
    propose: (summary) => ({
      ...{ slot, producer: delegate.address, summary, generatedHeight },
      preimageOf: (anchor) => delegate.reveals.preimageOf(anchor),
    }),
  })
  if (built === undefined) throw new Error(`no block in slot ${slot}`)
  // The record of what was signed goes along, or the program would contradict these blocks.
  const signature = await signer.signBlock({ slot, height: built.header.height, digest: hexToBytes(built.hash) })
  if (signature === undefined) throw new Error(`nothing is signed in slot ${slot}`)
  await ledger.importBlock({
    header: sealHeader(built.header, bytesToHex(signature)),
    transactions: built.transactions,
  })
  return true
}

/** The folder of a development network of one delegate whose state has so many more values. The program can start on it. */
export async function writeBigChain(directory: string, values: number): Promise<void> {
  // The program itself makes the folder, so that everything in it is as it makes it.
  await stopNodeProcess(await startNodeProcess({ directory, slotMs: SLOT_MS }))
  const store = createGroupCommit(await openLevelStore(join(directory, 'chain')))
  try {
    const birth = await openBucket(openNamespace(store, 0), 'clock').get(BIRTH_KEY)
    if (birth === undefined) throw new Error('the network has no birth')
    const { chain, delegates } = createDevnetChain(JSON.parse(bytesToUtf8(birth)))
    const [delegate] = delegates
    if (delegate === undefined) throw new Error('the network has no delegate')
    const clock = createSystemClock()
    const node = await createNode(
      {
        name: 'maker',
        keepStates: 2,
        relay: false,
        producer: { privateKey: delegate.privateKey, reveals: delegate.reveals },
      },
      {
        ...{ chain, clock, logger: SILENT, store: openNamespace(store, 1) },
        net: createMemoryNetwork({ clock }).join('maker'),
        executor: adding(createEraExecutor(singleEra(chain.first)), values),
      },
    )
    const { header } = node.ledger.head()
    const blocks = Math.ceil(values / PER_BLOCK) + EMPTY_BLOCKS
    let slot = header.slot + 1n
    for (let made = 0; made < blocks; slot += 1n) if (await produce(node, delegate, slot)) made += 1
    await node.stop()
    const wait = Number(chain.genesis.genesisTimeMs) + Number(slot + 1n) * SLOT_MS - clock.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  } finally {
    await store.close()
  }
}
