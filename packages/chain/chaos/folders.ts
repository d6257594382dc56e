import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPairFromSeed, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { createMainChain, type MainChainOptions, writeGenesisFile } from '#chains'
import { createRevealChain } from '#consensus/dpos'
import type { NetworkIdentity } from '#kernel'
import { createKeystore, type DelegateSecrets, delegateSecrets } from '#node'
import { type Address, type Bytes, privateKeyToAddress, sha256, utf8ToBytes } from '#primitives'

export interface NetworkPlan {
  readonly folder: string
  readonly seed: string
  readonly producers: number
  readonly observers: number
  readonly slotMs: number
}

/** Who sends transfers. */
export interface Account {
  readonly address: Address
  readonly privateKey: Bytes
}

/** One node's folder. */
export interface Member {
  readonly name: string
  readonly folder: string
  readonly config: string
  readonly dataDir: string
  readonly peerId: string
  readonly delegate: Address | undefined
}

export interface NetworkFolders {
  readonly plan: NetworkPlan
  readonly members: readonly Member[]
  readonly accounts: readonly Account[]
  readonly network: NetworkIdentity
  /** Begin of slot 0, in milliseconds since 1970. */
  readonly genesisTimeMs: number
}

/** Address of a peer as a node is told of it. */
export type PeerAddress = (from: Member, to: Member) => string

const ELF = 100_000_000n
const ACCOUNTS = 12
const REVEALS = 20_000
const PASSWORD = 'a password of the fault tests'
/** Keystores of tests cost little to open: a node that is killed a thousand times opens its own as often. */
const CHEAP_SCRYPT = 1 << 12
/** The chain begins a little later than its folders, so that all nodes are there. */
const START_MS = 8_000
/** Short terms: a run goes through elections, and nobody who was excluded is out for the rest of it. */
const TERM_SECONDS = 120
/** Slots a restarted node watches before it signs, when it cannot know that nobody else used its key. */
export const WATCH_SLOTS = 6

const keyOf = (phrase: string): Bytes => sha256(utf8ToBytes(phrase))

function genesisOf(
  plan: NetworkPlan,
  secrets: readonly DelegateSecrets[],
  accounts: readonly Account[],
): MainChainOptions {
  const commitments = secrets.map(
    ({ revealSecret, revealLength }) => createRevealChain(revealSecret, revealLength).commitment,
  )
  const entries = secrets.map(({ address }, index) => ({
    address,
    commitment: commitments[index] ?? (`0x${'00'.repeat(32)}` as never),
  }))
  const foundation = privateKeyToAddress(keyOf(`chaos ${plan.seed} foundation`))
  return {
    network: 'aelf chaos',
    chainId: 6_118_003,
    genesisTimeMs: Date.now() + START_MS,
    slotMs: plan.slotMs,
    termSeconds: TERM_SECONDS,
    producers: entries,
    candidates: entries.map(({ address, commitment }, index) => ({
      address,
      commitment,
      name: `Node ${index + 1}`,
      url: `https://node${index + 1}.example`,
      commissionBps: 500,
    })),
    votes: entries.map(({ address }) => ({ voter: address, delegate: address, amount: 100_000n * ELF, lockDays: 360 })),
    balances: [
      { account: foundation, amount: 700_000_000n * ELF },
      ...entries.map(({ address }) => ({ account: address, amount: 2_000_000n * ELF })),
      ...accounts.map(({ address }) => ({ account: address, amount: 1_000_000n * ELF })),
    ],
    foundation,
  }
}

/** A configuration as JSON, which YAML reads as well. Ports are free ones: a node tells them when it is ready. */
export function configOf(member: Member, peers: readonly string[]): string {
  const config = {
    dataDir: member.dataDir,
    genesis: join(member.folder, 'genesis.json'),
    p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], peers },
    rpc: { host: '127.0.0.1', port: 0 },
    metrics: { enabled: false },
    ...(member.delegate === undefined
      ? {}
      : {
          producer: {
            keystore: join(member.folder, 'keystore.json'),
            passwordFile: join(member.folder, 'password'),
            watchSlots: WATCH_SLOTS,
          },
        }),
    log: { level: 'info', format: 'json' },
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

async function makeMember(plan: NetworkPlan, index: number, secrets: DelegateSecrets | undefined): Promise<Member> {
  const name = `node${index + 1}`
  const folder = join(plan.folder, name)
  const dataDir = join(folder, 'data')
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, 0o700)
  const key = await generateKeyPairFromSeed('Ed25519', keyOf(`chaos ${plan.seed} peer ${index}`))
  await writeFile(join(dataDir, 'p2p.key'), privateKeyToProtobuf(key), { mode: 0o600 })
  if (secrets !== undefined) {
    await writeFile(join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 })
    const keystore = await createKeystore(secrets, PASSWORD, { n: CHEAP_SCRYPT })
    await writeFile(join(folder, 'keystore.json'), keystore, { mode: 0o600 })
  }
  return {
    name,
    folder,
    dataDir,
    config: join(folder, 'aelf.yaml'),
    peerId: peerIdFromPrivateKey(key).toString(),
    delegate: secrets?.address,
  }
}

/** Writes a folder for each node of a new network, without configurations: those need the addresses of peers. */
export async function makeNetwork(plan: NetworkPlan): Promise<NetworkFolders> {
  const secrets = Array.from({ length: plan.producers }, (_, index) =>
    delegateSecrets(keyOf(`chaos ${plan.seed} delegate ${index}`), REVEALS),
  )
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => {
    const privateKey = keyOf(`chaos ${plan.seed} account ${index}`)
    return { privateKey, address: privateKeyToAddress(privateKey) }
  })
  const members: Member[] = []
  for (let index = 0; index < plan.producers + plan.observers; index += 1) {
    members.push(await makeMember(plan, index, secrets[index]))
  }
  const genesis = genesisOf(plan, secrets, accounts)
  for (const { folder } of members) await writeFile(join(folder, 'genesis.json'), writeGenesisFile(genesis))
  const { network } = createMainChain(genesis)
  return { plan, members, accounts, network, genesisTimeMs: genesis.genesisTimeMs }
}

/** Tells a node whom to connect to. */
export const writeConfig = (member: Member, peers: readonly string[]): Promise<void> =>
  writeFile(member.config, configOf(member, peers))
