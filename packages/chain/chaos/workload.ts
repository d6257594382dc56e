import { findMethod } from '#contracts/metadata'
import {
  encodeArgs,
  encodeTransaction,
  lastInclusionHeight,
  type MethodDescriptor,
  signTransaction,
  transactionId,
} from '#kernel'
import { type Address, asAddress, bytesToHex, createPrng, type Hash, type Hex } from '#primitives'
import { type Cluster, sleep } from './cluster.ts'
import type { Account } from './folders.ts'

/** Where all transfers go; its balance is how many are in the chain. */
export const RECEIVER: Address = asAddress(`0x${'4b'.repeat(20)}`)
/** Pause between two transfers of one account, on average. */
const PAUSE_MS = 150
const AFTER_FAILURE_MS = 60

function transfer(): MethodDescriptor {
  const method = findMethod('token', 'transfer')
  if (method === undefined) throw new Error('the token contract has no transfer')
  return method
}

/** Sends transfers to random nodes until told to stop; only what a node answered counts as promised. */
async function send(
  cluster: Cluster,
  account: Account,
  { seed, stop }: { seed: string; stop: AbortSignal },
): Promise<void> {
  const prng = createPrng(`workload/${seed}`)
  const method = transfer()
  const { ledger, folders } = cluster
  while (!stop.aborted) {
    const candidates = cluster.nodes.filter(({ running }) => running !== undefined)
    const node = candidates.length === 0 ? undefined : prng.pick(candidates)
    const client = node?.running?.client
    if (node === undefined || client === undefined) {
      await sleep(AFTER_FAILURE_MS)
      continue
    }
    try {
      const info = await client.request('aelf_chainInfo')
      // A mark that cannot leave the chain, so that only the node can lose the transaction.
      const block = await client.request('aelf_getHeader', [info.finalizedHeight])
      const refHeight = BigInt(block.height)
      const tx = signTransaction(
        {
          version: 1,
          walletChainId: 6118001n,
          from: account.address,
          contract: method.contractAddress,
          method: method.number,
          args: encodeArgs(method.abi, { to: RECEIVER, symbol: 'ELF', amount: 1n }),
          refHeight,
          refHash: block.hash.slice(0, 18) as Hex,
          feeLimit: 10_000_000n,
          nonce: bytesToHex(prng.bytes(8)),
        },
        { method, network: folders.network, privateKey: account.privateKey },
      )
      const id: Hash = transactionId(tx)
      const lastHeight = Number(lastInclusionHeight({ refHeight, refHash: tx.refHash }))
      ledger.sends(id, lastHeight)
      await client.request('aelf_sendTransaction', [bytesToHex(encodeTransaction(tx))])
      ledger.acknowledged.set(id, { id, node: node.name, timeMs: Date.now(), height: Number(info.height), lastHeight })
      await sleep(prng.int(2 * PAUSE_MS))
    } catch {
      // Gone, frozen or refused: nothing was promised.
      await sleep(AFTER_FAILURE_MS)
    }
  }
}

/** Starts so many senders; the answer ends them. */
export function startWorkload(
  cluster: Cluster,
  { senders, seed }: { senders: number; seed: string },
): () => Promise<void> {
  const stop = new AbortController()
  const running = cluster.folders.accounts
    .slice(0, senders)
    .map((account, index) => send(cluster, account, { seed: `${seed}/${index}`, stop: stop.signal }))
  return async () => {
    stop.abort()
    await Promise.all(running)
  }
}
