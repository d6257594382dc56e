import { expect, test } from 'vitest'
import { findMethod } from '#contracts/metadata'
import { encodeArgs, encodeTransaction, markPrefix, signTransaction } from '#kernel'
import { asAddress, asHash, bytesToHex, hexToBytes } from '#primitives'
import { createRpcClient, type RpcClient } from '#rpc/client'
import { announced, start } from './testing/process.ts'

const CALLERS = 48
const BLOCKS = 6

/** Bodies that cost the node most: each signature is sound, and of another account than the sender. */
async function forgeries(client: RpcClient): Promise<string[]> {
  const method = findMethod('token', 'transfer')
  const [one, other] = await client.request('aelf_devAccounts', [])
  if (method === undefined || one === undefined || other === undefined) throw new Error('no transfer, or no accounts')
  const info = await client.request('aelf_chainInfo', [])
  const network = { name: info.network, genesisHash: asHash(info.genesisHash) }
  const envelope = (n: number): string => {
    const unsigned = {
      version: 1 as const,
      walletChainId: BigInt(info.walletChainId),
      from: asAddress(other.address),
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { to: asAddress(other.address), symbol: 'ELF', amount: 1n }),
      refHeight: BigInt(info.height),
      refHash: markPrefix(asHash(info.headHash)),
      feeLimit: 100_000_000n,
      nonce: `0x${n.toString(16).padStart(16, '0')}` as const,
    }
    const privateKey = hexToBytes(other.privateKey)
    const signed = signTransaction(unsigned, { method, network, privateKey })
    return bytesToHex(encodeTransaction({ ...signed, from: asAddress(one.address) }))
  }
  return Array.from({ length: 8 }, (_, body) => {
    const params = [Array.from({ length: 100 }, (_one, index) => envelope(body * 100 + index))]
    return JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'aelf_sendTransactions', params })
  })
}

test('behavior: under a flood of calls blocks are made on, and other callers are answered', async () => {
  const words = ['--delegates', '1', '--backups', '0', '--slot', '500ms', '--port', '0', '--json']
  const node = start('devnet', ...words)
  try {
    const { rpc: url } = await announced<{ rpc: string }>(node)
    const client = createRpcClient({ url, timeoutMs: 60_000 })
    const bodies = await forgeries(client)
    const before = await client.request('aelf_chainInfo', [])
    let over = false
    let [refused, busy] = [0, 0]
    const flood = async (caller: number): Promise<void> => {
      for (let turn = caller; !over; turn += 1) {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(url, { method: 'POST', body: bodies[turn % bodies.length] as string, headers })
        const text = await answer.text()
        if (text.includes('tx.signatureMismatch')) refused += 1
        if (text.includes('rpc.tooBusy')) busy += 1
      }
    }
    const callers = Array.from({ length: CALLERS }, (_, caller) => flood(caller))
    let after = before
    while (BigInt(after.height) < BigInt(before.height) + BigInt(BLOCKS)) {
      after = await client.request('aelf_chainInfo', [])
    }
    over = true
    await Promise.all(callers)
    const [blocks, slots] = [
      Number(after.height) - Number(before.height),
      Number(after.headSlot) - Number(before.headSlot),
    ]
    // Most slots have their block, also on a machine that does much else: the producer's turn does not wait for the callers'.
    expect(blocks * 2).toBeGreaterThan(slots)
    expect(refused).toBeGreaterThan(0)
    expect(refused + busy).toBeGreaterThan(CALLERS)
  } finally {
    node.child.kill('SIGINT')
    await node.ended
  }
}, 120_000)
