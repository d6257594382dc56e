import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findMethod } from '#contracts/metadata'
import { encodeArgs, encodeTransaction, type MethodDescriptor, markPrefix, signTransaction } from '#kernel'
import { type Address, asAddress, asHash, type Bytes, bytesToHex, hexToBytes } from '#primitives'
import type { RpcClient } from '#rpc/client'
import { nextNonce, recipient } from './fixtures.ts'

/** The real program in a process of its own. */
export interface NodeProcess {
  readonly process: ChildProcess
  readonly url: string
  readonly port: number
}

/** Starts the program as its users do, or with the flags of `BENCH_NODE_FLAGS`, such as `--cpu-prof`, instead of those it names. */
function spawnProgram(program: string, words: readonly string[]): ChildProcess {
  const flags = (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')
  const [file, args] = flags.length === 0 ? [program, words] : [process.execPath, [...flags, program, ...words]]
  return spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

const OWN_PROGRAM = fileURLToPath(new URL('../bin/aelf.js', import.meta.url))

/** A network of one delegate, in memory where no directory is given, else on a synced disk. The program is that of this checkout where no other is given. */
export async function startNodeProcess(options: {
  readonly program?: string
  readonly directory?: string
  readonly slotMs: number
}): Promise<NodeProcess> {
  const data = options.directory === undefined ? [] : ['--data', options.directory]
  const wanted = ['--delegates', '1', '--backups', '0', '--slot', `${options.slotMs}ms`, '--port', '0', '--json']
  const child = spawnProgram(options.program ?? OWN_PROGRAM, ['devnet', ...wanted, ...data])
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /"rpc":\s*"([^"]+)"/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the node ended with ${code}`)))
  })
  return { process: child, url, port: Number(new URL(url).port) }
}

export async function stopNodeProcess({ process: child }: Pick<NodeProcess, 'process'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  await ended
}

/** Processor time of a process so far, in seconds; zero where it cannot be known. */
export function processorSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

export interface Signer {
  readonly address: Address
  readonly privateKey: Bytes
}

/** The funded accounts of a development network. */
export async function devSigners(client: RpcClient): Promise<Signer[]> {
  const accounts = await client.request('aelf_devAccounts', [])
  return accounts.map(({ address, privateKey }) => ({
    address: asAddress(address),
    privateKey: hexToBytes(privateKey),
  }))
}

function transferDescriptor(): MethodDescriptor {
  const method = findMethod('token', 'transfer')
  if (method === undefined) throw new Error('no transfer in the descriptors')
  return method
}

/** Signed transfers as hex, from the signers in turn, marked at the head; to strangers unless receivers are named. */
export async function signEnvelopes(
  client: RpcClient,
  signers: readonly Signer[],
  transfers: { readonly count: number; readonly amount?: bigint; to?(index: number): Address },
): Promise<string[]> {
  const info = await client.request('aelf_chainInfo', [])
  const network = { name: info.network, genesisHash: asHash(info.genesisHash) }
  const method = transferDescriptor()
  const { count, amount = 1_000_000n, to } = transfers
  return Array.from({ length: count }, (_, index) => {
    const signer = signers[index % signers.length]
    if (signer === undefined) throw new Error('the node has no funded accounts')
    const nonce = nextNonce()
    const unsigned = {
      version: 1 as const,
      walletChainId: 6_118_001n,
      from: signer.address,
      contract: method.contractAddress,
      method: method.number,
      args: encodeArgs(method.abi, { to: to?.(index) ?? recipient(Number(nonce)), symbol: 'ELF', amount }),
      refHeight: BigInt(info.height),
      refHash: markPrefix(asHash(info.headHash)),
      feeLimit: 100_000_000n,
      nonce,
    }
    return bytesToHex(encodeTransaction(signTransaction(unsigned, { method, network, privateKey: signer.privateKey })))
  })
}

/** Bodies of requests that submit so many transactions each. */
export function submissions(envelopes: readonly string[], size: number): string[] {
  const found: string[] = []
  for (let from = 0; from < envelopes.length; from += size) {
    const list = envelopes.slice(from, from + size).map((envelope) => `"${envelope}"`)
    const [method, params] =
      size === 1 ? ['aelf_sendTransaction', list.join()] : ['aelf_sendTransactions', `[${list.join()}]`]
    found.push(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":[${params}]}`)
  }
  return found
}
