import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MainChainOptions, writeGenesisFile } from '#chains'
import { createRevealChain } from '#consensus/dpos'
import { createMemoryNetwork, type MemoryNetwork } from '#p2p'
import type { Logger } from '#primitives'
import { createSystemClock } from '../../clock.ts'
import { createKeystore, type DelegateSecrets, delegateSecrets } from '../../keys/keystore.ts'
import type { DaemonNetwork } from '../network.ts'
import { type NodeConfig, type NodeFlags, readNodeConfig } from '../nodeConfig.ts'

export const PASSWORD = 'a password for tests'
export const SLOT_MS = 250
const ELF = 100_000_000n
const REVEALS = 2000

export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Folders of a small network, ready to start nodes in. */
export interface TestNetwork {
  readonly folder: string
  readonly genesis: MainChainOptions
  readonly secrets: readonly DelegateSecrets[]
  /** A node of its own folder; `delegate` names whose key it has, none makes an observer. */
  config(name: string, delegate?: number, flags?: NodeFlags): Promise<NodeConfig>
  remove(): Promise<void>
}

export async function createTestNetwork(delegates: number, slotMs: number = SLOT_MS): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'aelf-daemon-'))
  const secrets = Array.from({ length: delegates }, (_, index) =>
    delegateSecrets(new Uint8Array(32).fill(index + 1), REVEALS),
  )
  const producers = secrets.map(({ address, revealSecret }) => ({
    address,
    commitment: createRevealChain(revealSecret, REVEALS).commitment,
  }))
  const [first] = producers
  const genesis: MainChainOptions = {
    network: 'aelf test',
    chainId: 77,
    genesisTimeMs: Date.now() - (Date.now() % slotMs),
    slotMs,
    termSeconds: 604_800,
    producers,
    candidates: producers.map(({ address, commitment }, index) => ({
      address,
      commitment,
      name: `Delegate ${index}`,
      url: '',
      commissionBps: 500,
    })),
    votes: [],
    balances: producers.map(({ address }) => ({ account: address, amount: 2_000_000n * ELF })),
    foundation: first?.address ?? secrets[0]!.address,
  }
  await writeFile(join(folder, 'genesis.json'), writeGenesisFile(genesis))
  await writeFile(join(folder, 'password'), `${PASSWORD}\n`)
  for (const [index, one] of secrets.entries()) {
    await writeFile(join(folder, `keystore${index}.json`), await createKeystore(one, PASSWORD, { n: 1 << 12 }))
  }
  return {
    folder,
    genesis,
    secrets,
    async config(name, delegate, flags = {}) {
      const producer =
        delegate === undefined ? '' : `producer: { keystore: ./keystore${delegate}.json, passwordFile: ./password }\n`
      const text = `dataDir: ./${name}
genesis: ./genesis.json
p2p: { listen: [/ip4/127.0.0.1/tcp/0] }
rpc: { port: 0 }
metrics: { port: 0 }
${producer}`
      return readNodeConfig({ text, folder }, flags)
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Daemons of one process on a memory network instead of sockets. */
export function createSwitchboard(): {
  readonly network: MemoryNetwork
  open(name: string): () => Promise<DaemonNetwork>
} {
  const network = createMemoryNetwork({ clock: createSystemClock() })
  return {
    network,
    open: (name) => async () => ({
      net: network.join(name),
      peerId: name,
      listenAddresses: () => [],
      peers: () => [],
      bans: () => [],
      stop: async () => network.leave(name),
    }),
  }
}

/** Waits for something that the nodes bring about by themselves. */
export async function until(what: () => boolean): Promise<void> {
  const limit = Date.now() + 20_000
  while (!what()) {
    if (Date.now() > limit) throw new Error(`never: ${String(what)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
