import { join } from 'node:path'
import { type DelegateSecrets, delegateSecrets } from '#node'
import { configText } from '../configTemplate.ts'
import { parseDuration } from '../duration.ts'
import { CliError } from '../exit.ts'
import { ELF, type NewGenesis, planGenesis } from '../genesisPlan.ts'
import { makeIdentity } from '../identity.ts'
import { createKey, writeKeyFile } from '../keyFile.ts'
import { printJson, printTable, type Terminal } from '../output.ts'
import { randomPassword } from '../password.ts'
import { exists, makeFolder, PUBLIC, SECRET, writeNewFile } from '../privateFile.ts'
import { publicPart, writeKeystore } from '../secrets.ts'
import { readWhole } from '../session.ts'
import { readNetwork, readSlot } from './genesis.ts'

/** Options of `aelf testnet` as they were typed. */
export interface TestnetOptions {
  readonly nodes: string
  readonly observers: string
  readonly out: string
  readonly slot: string
  readonly term: string
  readonly basePort: string
  readonly network: string
  readonly json?: boolean
}

interface Member {
  readonly name: string
  readonly folder: string
  readonly secrets: DelegateSecrets | undefined
  readonly ports: { readonly p2p: number; readonly rpc: number; readonly metrics: number }
  readonly peerId: string
}

const MOST_NODES = 100
const CHAIN_ID = 6_118_002
const DELEGATE = 2_000_000n * ELF
const FOUNDATION = 700_000_000n * ELF
const SELF_VOTE = 100_000n * ELF
const KINDS_OF_PORTS = 3
/** Every node knows a few others; from those it learns of the rest. */
const KNOWN_PEERS = 8

/** `aelf testnet`: one folder per node of a network on this machine. */
export async function testnet(terminal: Terminal, options: TestnetOptions): Promise<void> {
  const producers = readWhole('--nodes', options.nodes, { from: 1, to: MOST_NODES })
  const observers = readWhole('--observers', options.observers, { from: 0, to: MOST_NODES - producers })
  const count = producers + observers
  const basePort = readWhole('--base-port', options.basePort, { from: 1_024, to: 65_536 - KINDS_OF_PORTS * count })
  const plan = {
    network: readNetwork(options.network),
    slotMs: readSlot(options.slot),
    term: parseDuration(options.term),
  }
  if (await exists(options.out)) {
    throw new CliError('cli.failure', `${options.out} is already there`, 'Choose another folder with --out <folder>.')
  }
  const members: Member[] = []
  for (let index = 0; index < count; index++) {
    const name = `node${index + 1}`
    const folder = join(options.out, name)
    await makeFolder(folder)
    const port = basePort + KINDS_OF_PORTS * index
    members.push({
      name,
      folder,
      secrets: index < producers ? delegateSecrets(createKey().privateKey) : undefined,
      ports: { p2p: port, rpc: port + 1, metrics: port + 2 },
      peerId: await makeIdentity(join(folder, 'data')),
    })
  }
  const foundation = createKey()
  await writeKeyFile(join(options.out, 'foundation.key'), foundation)
  const genesis = planGenesis({
    network: plan.network,
    chainId: CHAIN_ID,
    genesisTimeMs: Math.floor(Date.now() / 1_000) * 1_000,
    slotMs: plan.slotMs,
    termSeconds: Math.ceil(plan.term / 1_000),
    producers: members.flatMap(({ secrets, name }) =>
      secrets === undefined ? [] : [{ ...publicPart(secrets), name }],
    ),
    backups: [],
    delegateAmount: DELEGATE,
    selfVote: SELF_VOTE,
    foundation: foundation.address,
    foundationAmount: FOUNDATION,
    balances: [],
    params: {},
  })
  for (const member of members) await writeMember(member, members, genesis)
  announce(terminal, { members, genesis, options })
}

async function writeMember(member: Member, members: readonly Member[], { text, hash }: NewGenesis): Promise<void> {
  const { folder, secrets, ports } = member
  const file = (name: string): string => join(folder, name)
  await writeNewFile(file('genesis.json'), text, PUBLIC)
  if (secrets !== undefined) {
    const password = randomPassword()
    await writeNewFile(file('password'), `${password}\n`, SECRET)
    await writeKeystore(file('keystore.json'), secrets, { password })
  }
  const at = members.indexOf(member)
  const others = [...members.slice(at + 1), ...members.slice(0, at)].slice(0, KNOWN_PEERS)
  const choices = {
    genesisHash: hash,
    listen: listenOf(member),
    peers: others.map((other) => `${listenOf(other)}/p2p/${other.peerId}`),
    rpcPort: ports.rpc,
    metricsPort: ports.metrics,
    producer: secrets === undefined ? undefined : { passwordFile: './password' },
  }
  await writeNewFile(file('aelf.yaml'), configText(choices), PUBLIC)
}

const listenOf = ({ ports }: Member): string => `/ip4/127.0.0.1/tcp/${ports.p2p}`

interface Made {
  readonly members: readonly Member[]
  readonly genesis: NewGenesis
  readonly options: TestnetOptions
}

function announce(terminal: Terminal, { members, genesis, options }: Made): void {
  const nodes = members.map(({ name, folder, secrets, ports, peerId }) => ({
    name,
    config: join(folder, 'aelf.yaml'),
    rpc: `http://127.0.0.1:${ports.rpc}`,
    metrics: `http://127.0.0.1:${ports.metrics}/metrics`,
    p2p: ports.p2p,
    peerId,
    delegate: secrets?.address ?? null,
  }))
  if (options.json === true) {
    printJson(terminal, { genesis: genesis.hash, foundationKey: join(options.out, 'foundation.key'), nodes })
    return
  }
  terminal.out(`Genesis ${genesis.hash}; ${options.out}/foundation.key holds the key with most of the ELF.`)
  const rows = nodes.map(({ name, rpc, p2p, delegate }) => [name, rpc, p2p, delegate ?? 'observer'])
  printTable(terminal, ['node', 'rpc', 'p2p port', 'delegate'], rows)
  terminal.out(`Start each in a terminal of its own: aelf node --config ${join(options.out, 'node1', 'aelf.yaml')}`)
}
