import { asHash } from '#primitives'
import type { RpcClient } from '#rpc/client'
import { type ChaosNode, type Cluster, sleep } from './cluster.ts'
import { RECEIVER } from './workload.ts'

const BLOCKS_A_CALL = 20
/** Heights that are read again. */
const OVERLAP = 5
const SETTLE_MS = 60_000
/** A node that answers nothing for so long does not serve. */
const PATIENCE_MS = 120_000

/** A node as it runs now, to be asked while it does. */
interface Asked {
  readonly node: ChaosNode
  readonly client: RpcClient
  isThere(): boolean
}

function asked(node: ChaosNode): Asked | undefined {
  const { running } = node
  if (running === undefined) return undefined
  return { node, client: running.patient, isThere: () => node.running === running }
}

/** Asks until there is an answer: on a machine with much other work a node may be late many times. Nothing when it is ended meanwhile. */
async function patiently<T>(
  cluster: Cluster,
  { client, isThere }: Asked,
  ask: (client: RpcClient) => Promise<T>,
): Promise<T | undefined> {
  const patience = cluster.patience(PATIENCE_MS)
  for (;;) {
    try {
      return await ask(client)
    } catch (error) {
      if (!isThere()) return undefined
      if (patience.isOver()) throw error
      await sleep(500)
    }
  }
}

/** Closes the accounts of all that is irreversible, and of all whose time is over. */
export function settle({ ledger }: Cluster): void {
  for (const [id, lastHeight] of [...ledger.sent]) {
    if (ledger.inChain.has(id)) ledger.close(id, true)
    else if (lastHeight < ledger.readUntil) ledger.close(id, false)
  }
}

/** Waits for what was promised, then closes all accounts. */
async function settleAll(cluster: Cluster): Promise<void> {
  const patience = cluster.patience(SETTLE_MS)
  const { ledger } = cluster
  while (!patience.isOver()) {
    await compare(cluster)
    settle(cluster)
    if (ledger.acknowledged.size === 0) break
    await sleep(500)
  }
  for (const id of [...ledger.sent.keys()]) ledger.close(id, ledger.inChain.has(id))
}

/** Every irreversible block that anybody showed must be the one that everybody has; every header of the chain is entered, too. */
async function compareChain(cluster: Cluster, node: ChaosNode, from: number): Promise<void> {
  const { ledger } = cluster
  const target = asked(node)
  if (target === undefined) return
  const info = await patiently(cluster, target, (client) => client.request('aelf_chainInfo'))
  const last = Number(info?.finalizedHeight ?? 0)
  for (let first = from; first <= last; first += BLOCKS_A_CALL) {
    const to = Math.min(last, first + BLOCKS_A_CALL - 1)
    const blocks = await patiently(cluster, target, (client) => client.request('aelf_getBlocks', [first, to]))
    if (blocks === undefined) return
    for (const { height, hash, slot, producer, transactions } of blocks) {
      ledger.sawFinalized(node.name, height, asHash(hash))
      ledger.saw({ node: node.name, height, hash: asHash(hash), slot, producer })
      for (const transaction of transactions) if (typeof transaction === 'string') ledger.inChain.add(transaction)
    }
    node.compared = Math.max(node.compared, to)
    // What is above was not read by anybody yet, below is whole.
    ledger.readUntil = Math.max(ledger.readUntil, to)
  }
}

/** Compares what all nodes hold irreversibly, from where the last comparison ended; `whole`: from the first block. */
export async function compare(cluster: Cluster, whole = false): Promise<void> {
  for (const node of cluster.up()) await compareChain(cluster, node, whole ? 1 : Math.max(1, node.compared - OVERLAP))
}

/** The last look: all promises kept, one chain, and the receiver has what the chain says it got. */
export async function conclude(cluster: Cluster): Promise<void> {
  const { ledger } = cluster
  await settleAll(cluster)
  await compare(cluster, true)
  for (const node of cluster.nodes) await cluster.readRecord(node)
  ledger.checkExcuses()
  if (ledger.events === 0 || ledger.recordedSlots() === 0)
    ledger.breach('ended', 'nobody told of a head, or nobody kept a record: nothing was looked at')
  const node = cluster.up().find(({ compared }) => compared >= ledger.readUntil)
  const target = node === undefined ? undefined : asked(node)
  const question = { account: RECEIVER, symbol: 'ELF' }
  const at = { at: ledger.readUntil }
  const units =
    target === undefined
      ? undefined
      : await patiently(cluster, target, (client) => client.request('aelf_call', ['token', 'balanceOf', question, at]))
  if (units === undefined) ledger.breach('ended', 'nobody answers any more')
  else ledger.checkCount(BigInt(units as string))
}
