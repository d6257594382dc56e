import type { ContractIdentity, Param, Registry } from '#contracts/runtime'
import { type FeePolicy, systemAddress } from '#kernel'
import type { Address } from '#primitives'

export const TOKEN: ContractIdentity = { name: 'token', number: 1 }

/** The token fees and stakes are paid in. */
export const NATIVE_SYMBOL = 'ELF'

/** The contract that shares fees and block rewards. */
export const REWARD_ADDRESS: Address = systemAddress(4)

/** Every token has 8 decimals, so that amounts read the same everywhere. */
export const ONE_TOKEN = 100_000_000n

const always = (name: string, value: bigint, doc: string): Param => ({ name, doc, steps: [{ fromHeight: 0n, value }] })

export const params: readonly Param[] = [
  always('feeBase', 100_000n, 'Fee of any transaction, in the smallest unit of ELF.'),
  always('feePerByte', 1_000n, 'Fee per encoded byte, in the smallest unit of ELF.'),
  always('feeNonParallel', 1_000_000n, 'Added to the fee of a method that runs alone, in the smallest unit of ELF.'),
]

/** Fees in force at a height. */
export function feePolicyAt(registry: Registry, height: bigint): FeePolicy {
  const param = (name: string): bigint => registry.param(systemAddress(TOKEN.number), name, height)
  const base = param('feeBase')
  const perByte = param('feePerByte')
  const alone = param('feeNonParallel')
  return { feeOf: (bytes, { nonParallel }) => base + BigInt(bytes) * perByte + (nonParallel ? alone : 0n) }
}
