import { z } from 'zod'
import type { Hex } from '#primitives'
import type { Method } from './dispatch.ts'
import { RpcFailure } from './failure.ts'
import type { NodePort, StoredBlock } from './ports.ts'

/** What wallets of another chain family ask before they show a network and a balance. */
export interface WalletOptions {
  readonly node: NodePort
  readonly walletChainId: number
}

/** Wallets count in 18 decimals, ELF has 8. */
const SCALE = 10_000_000_000n
const PLAIN_GAS = 21_000n
const ZERO_BLOOM: Hex = `0x${'00'.repeat(256)}`
const ZERO_NONCE: Hex = '0x0000000000000000'
const EMPTY_UNCLES: Hex = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const GAS_LIMIT = 30_000_000n

const quantity = (value: bigint | number): Hex => `0x${value.toString(16)}`

const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hex digits')
  .transform((text) => text.toLowerCase())
const hashSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'a hash is 0x and 64 hex digits')
  .transform((text) => text.toLowerCase())
const tagSchema = z.union(
  [
    z.enum(['latest', 'pending', 'safe', 'finalized', 'earliest']),
    z
      .string()
      .max(18)
      .regex(/^0x[0-9a-fA-F]{1,16}$/),
  ],
  'a block is 0x and hex digits, or "latest", "pending", "safe", "finalized", "earliest"',
)
const anythingSchema = z.array(z.unknown()).max(8)
const noneSchema = z.array(z.unknown()).max(1)

type Entry = readonly [name: string, method: Method]

/**
 * The few `eth_*`, `net_*` and `web3_*` methods with which ordinary wallets add the network, follow its height and show ELF
 * balances (scaled to 18 decimals). Transfers go through typed data and `aelf_sendTransaction`.
 */
export function createWalletMethods(options: WalletOptions): readonly Entry[] {
  const { node, walletChainId } = options
  const fixed = (name: string, answer: unknown, params: z.ZodType = anythingSchema): Entry =>
    entry(name, params, () => answer)
  return [
    entry('eth_chainId', noneSchema, () => quantity(walletChainId)),
    entry('net_version', noneSchema, () => String(walletChainId)),
    entry('web3_clientVersion', noneSchema, () => node.status().version),
    entry('eth_blockNumber', noneSchema, () => quantity(node.status().height)),
    entry('eth_getBalance', z.tuple([addressSchema, tagSchema.exactOptional()]), async ([account]) => {
      const balance = await node.view({ contract: 'token', view: 'balanceOf', args: [account, 'ELF'] })
      return quantity((typeof balance === 'bigint' ? balance : 0n) * SCALE)
    }),
    entry('eth_getBlockByNumber', z.tuple([tagSchema, z.boolean().exactOptional()]), async ([tag]) => {
      const stored = await node.blockByHeight(heightOfTag(String(tag), node))
      return stored === undefined ? null : blockForWallets(stored)
    }),
    entry('eth_getBlockByHash', z.tuple([hashSchema, z.boolean().exactOptional()]), async ([hash]) => {
      const stored = await node.blockByHash(hash as StoredBlock['block']['header']['hash'])
      return stored === undefined ? null : blockForWallets(stored)
    }),
    fixed('net_listening', true),
    fixed('eth_syncing', false),
    fixed('eth_accounts', []),
    fixed('eth_getTransactionCount', '0x0'),
    fixed('eth_gasPrice', '0x0'),
    fixed('eth_maxPriorityFeePerGas', '0x0'),
    fixed('eth_estimateGas', quantity(PLAIN_GAS)),
    fixed('eth_getCode', '0x'),
    fixed('eth_getStorageAt', `0x${'00'.repeat(32)}`),
    fixed('eth_call', '0x'),
    fixed('eth_getLogs', []),
    fixed('eth_getTransactionByHash', null),
    fixed('eth_getTransactionReceipt', null),
    entry('eth_sendRawTransaction', anythingSchema, () => {
      throw new RpcFailure('rpc.notSupported', {
        help: 'Sign the typed data of an aelf transaction and send it with aelf_sendTransaction.',
        details: { use: 'aelf_sendTransaction' },
      })
    }),
  ]
}

function entry(name: string, params: z.ZodType, handle: (params: readonly unknown[]) => unknown): Entry {
  return [name, { access: 'open', names: [], params, handle }]
}

function heightOfTag(tag: string, node: NodePort): bigint {
  if (tag === 'earliest') return 0n
  if (tag === 'safe') return node.status().prevotedHeight
  if (tag === 'finalized') return node.status().finalizedHeight
  return tag.startsWith('0x') ? BigInt(tag) : node.status().height
}

/** A block in the shape wallets expect; without a base fee, so that they offer no fee market. */
function blockForWallets({ block, receipts, timeMs, sizeBytes }: StoredBlock): Record<string, unknown> {
  const { header } = block
  return {
    number: quantity(header.height),
    hash: header.hash,
    parentHash: header.parentHash,
    nonce: ZERO_NONCE,
    sha3Uncles: EMPTY_UNCLES,
    logsBloom: ZERO_BLOOM,
    transactionsRoot: header.transactionRoot,
    stateRoot: header.stateRoot,
    receiptsRoot: header.receiptRoot,
    miner: header.producer,
    difficulty: '0x0',
    totalDifficulty: '0x0',
    extraData: '0x',
    size: quantity(sizeBytes),
    gasLimit: quantity(GAS_LIMIT),
    gasUsed: '0x0',
    timestamp: quantity(Math.floor(timeMs / 1_000)),
    transactions: receipts.map(({ transactionId }) => transactionId),
    uncles: [],
    mixHash: header.indexRoot,
  }
}
