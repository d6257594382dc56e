import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { BookStore, Identity, PeerView } from '#p2p/transport'
import type { Clock, Hash, Logger, Net } from '#primitives'
import { NodeError } from '../errors.ts'
import { VERSION } from '../version.ts'
import type { DataFolder } from './dataFolder.ts'
import type { NodeConfig } from './nodeConfig.ts'

/** Half of all modules of a node: they are read when a network is opened, not by every command. */
const transport = (): Promise<typeof import('#p2p/transport')> => import('#p2p/transport')

/** A peer that is kept away for a while. */
export interface BanInfo {
  readonly id: string
  readonly untilMs: number
  readonly reason: string
}

/** A network port with what the runtime wants to know of it. */
export interface DaemonNetwork {
  readonly net: Net
  readonly peerId: string
  listenAddresses(): readonly string[]
  peers(): readonly PeerView[]
  bans(): readonly BanInfo[]
  /** Bans since the start, those that are over included. */
  banned(): number
  stop(): Promise<void>
}

/** What a network is opened with. */
export interface NetworkRequest {
  readonly config: NodeConfig
  readonly genesis: Hash
  readonly folder: DataFolder
  readonly clock: Clock
  readonly logger: Logger
  headHeight(): bigint
}

/** Who this node is to its peers; made at the first start and kept for its owner only. */
export async function loadIdentity(path: string): Promise<Identity> {
  let bytes: Uint8Array | undefined
  try {
    bytes = new Uint8Array(await readFile(path))
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) {
      throw new NodeError('node.storage', `The identity of the node ${path} cannot be read`, { cause })
    }
  }
  const { createIdentity, decodeIdentity, encodeIdentity } = await transport()
  if (bytes !== undefined) return decodeIdentity(bytes)
  const made = await createIdentity()
  try {
    await writeFile(path, encodeIdentity(made), { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new NodeError('node.storage', `The identity of the node ${path} cannot be written`, { cause })
  }
  return made
}

/** The peers this node knows. Losing them costs time only, so they are replaced whole and not synced. */
function bookFile(path: string): BookStore {
  return {
    load: async () => {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      }
    },
    save: async (text) => {
      await writeFile(`${path}.new`, text, { mode: 0o600 })
      await rename(`${path}.new`, path)
    },
  }
}

/** The network over libp2p. Rejects with `transport.*` for what is wrong with addresses and ports. */
export async function openLibp2pNetwork(request: NetworkRequest): Promise<DaemonNetwork> {
  const { config, genesis, folder, clock, logger, headHeight } = request
  const identity = await loadIdentity(folder.paths.p2pKey)
  const { listen, announce, peers, maxPeers } = config.p2p
  const rng = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }
  const { createLibp2pNetwork } = await transport()
  const network = await createLibp2pNetwork(
    { identity, genesis, listen, announce, peers, maxPeers, agent: VERSION },
    { clock, rng, logger, headHeight, book: bookFile(folder.paths.peers) },
  )
  return {
    net: network.net,
    peerId: network.peerId,
    listenAddresses: () => network.listenAddresses(),
    peers: () => network.peers(),
    bans: () => network.bans(),
    banned: () => network.counters().bans,
    stop: () => network.stop(),
  }
}
