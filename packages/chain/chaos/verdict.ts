import { asHash, type Hash } from '#primitives'
import type { RpcClient } from '#rpc/client'
import { type ChaosNode, type Cluster, sleep } from './cluster.ts'
import { RECEIVER } from './workload.ts'

/** A node that was under no fault for so many heights had every chance to get a transaction into the chain. */
const FREE_HEIGHTS = 20
const BLOCKS_A_CALL = 20
/** Heights that are read again. */
const OVERLAP = 5
const SETTLE_MS = 60_000
/** A node that answers nothing for so long does not serve. */
const PATIENCE_MS = 120_000

function clientOf(cluster: Cluster): RpcClient {
  const client = cluster.up()[0]?.running?.patient
  if (client === undefined) throw new Error('no node runs')
  return client
}

/** Asks until there is an answer: on a machine with much other work a node may be late many times. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const limit = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > limit) throw error
      await sleep(500)
    }
  }
}

/** Closes the account of one transaction. */
function close(cluster: Cluster, id: Hash, included: boolean): void {
  const { ledger } = cluster
  const promise = ledger.acknowledged.get(id)
  ledger.sent.delete(id)
  ledger.acknowledged.delete(id)
  ledger.settled.sent += 1
  if (promise !== undefined) ledger.settled.acknowledged += 1
  if (included) ledger.settled.included += 1
  else if (promise !== undefined) {
    const free = ledger.freeHeights(promise)
    if (free < FREE_HEIGHTS) ledger.settled.excused += 1
    else
      ledger.breach(
        'lost',
        `${id}, acknowledged by ${promise.node} at height ${promise.height}, had ${free} quiet heights until ${promise.lastHeight}`,
      )
  }
}

/** Closes the accounts of all that is irreversible, and of all whose time is over. */
export async function settle(cluster: Cluster): Promise<void> {
  const { ledger } = cluster
  const { finalizedHeight } = await patiently(() => clientOf(cluster).request('aelf_chainInfo'))
  for (const [id, lastHeight] of [...ledger.sent]) {
    if (ledger.inChain.has(id)) close(cluster, id, true)
    // What the comparison has not read yet may hold it.
    else if (lastHeight < Math.min(Number(finalizedHeight), ledger.readUntil)) close(cluster, id, false)
  }
}

/** Waits for what was promised, then closes all accounts. */
async function settleAll(cluster: Cluster): Promise<void> {
  const limit = Date.now() + SETTLE_MS
  const { ledger } = cluster
  while (Date.now() < limit) {
    await compare(cluster)
    await settle(cluster)
    if (ledger.acknowledged.size === 0) break
    await sleep(500)
  }
  for (const id of [...ledger.sent.keys()]) close(cluster, id, ledger.inChain.has(id))
}

/** Every irreversible block that anybody showed must be the one that everybody has; every header of the chain is entered, too. */
async function compareChain(cluster: Cluster, node: ChaosNode, from: number): Promise<void> {
  const { ledger } = cluster
  const client = node.running?.patient
  if (client === undefined) return
  const { finalizedHeight } = await patiently(() => client.request('aelf_chainInfo'))
  const last = Number(finalizedHeight)
  for (let first = from; first <= last; first += BLOCKS_A_CALL) {
    const to = Math.min(last, first + BLOCKS_A_CALL - 1)
    const blocks = await patiently(() => client.request('aelf_getBlocks', [first, to]))
    for (const { height, hash, slot, producer, transactions } of blocks) {
      ledger.sawFinalized(node.name, height, asHash(hash))
      ledger.saw({ node: node.name, height, hash: asHash(hash), slot, producer })
      for (const transaction of transactions) if (typeof transaction === 'string') ledger.inChain.add(transaction)
    }
  }
  node.compared = last
}

/** Compares what all nodes hold irreversibly, from where the last comparison ended; `whole`: from the first block. */
export async function compare(cluster: Cluster, whole = false): Promise<void> {
  for (const node of cluster.up()) await compareChain(cluster, node, whole ? 1 : Math.max(1, node.compared - OVERLAP))
  const read = cluster.up().map(({ compared }) => compared)
  cluster.ledger.readUntil = Math.max(cluster.ledger.readUntil, ...read)
}

/** The last look: all promises kept, one chain, and the receiver has what the chain says it got. */
export async function conclude(cluster: Cluster): Promise<void> {
  await settleAll(cluster)
  await compare(cluster, true)
  const answer = await patiently(() =>
    clientOf(cluster).request('aelf_call', ['token', 'balanceOf', { account: RECEIVER, symbol: 'ELF' }]),
  )
  const { included } = cluster.ledger.settled
  if (BigInt(answer as string) !== BigInt(included)) {
    cluster.ledger.breach('countedTwice', `the receiver has ${String(answer)}, the chain holds ${included} transfers`)
  }
}
