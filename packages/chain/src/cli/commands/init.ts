import { join, relative, resolve } from 'node:path'
import { delegateSecrets } from '#node'
import { type Hash, hexToBytes } from '#primitives'
import { configText } from '../configTemplate.ts'
import { placeOf } from '../doctor/network.ts'
import { CliError } from '../exit.ts'
import { ELF, hashOf, planGenesis } from '../genesisPlan.ts'
import { readGenesisSource } from '../genesisSource.ts'
import { makeIdentity } from '../identity.ts'
import { createKey } from '../keyFile.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { randomPassword, readNewPassword } from '../password.ts'
import { exists, makeFolder, PUBLIC, SECRET, writeNewFile } from '../privateFile.ts'
import { type PublicDelegate, publicPart, writeKeystore } from '../secrets.ts'
import { readHex, readWhole } from '../session.ts'
import { readNetwork, readSlot } from './genesis.ts'

/** Options of `aelf init` as they were typed. */
export interface InitOptions {
  readonly dir: string
  readonly genesis?: string
  readonly genesisHash?: string
  readonly observer?: boolean
  readonly peer?: readonly string[]
  readonly passwordFile?: string
  readonly askPassword?: boolean
  readonly network: string
  readonly slot: string
  readonly p2pPort: string
  readonly rpcPort: string
  readonly metricsPort: string
  readonly json?: boolean
}

interface Ports {
  readonly p2p: number
  readonly rpc: number
  readonly metrics: number
}

const PRIVATE_SUPPLY = 1_000_000_000n * ELF
const SELF_VOTE = 100_000n * ELF
const TERM_SECONDS = 604_800
/** Wallets tell networks apart by this number; private ones get one of their own, above those in public use. */
const CHAIN_ID = { first: 1_000_000_000, count: 1_000_000_000 }

/** `aelf init`: everything a node needs, in one folder. */
export async function init(terminal: Terminal, options: InitOptions): Promise<void> {
  const ports = readPorts(options)
  const network = { name: readNetwork(options.network), slotMs: readSlot(options.slot) }
  refuseContradictions(options)
  const wrong = (options.peer ?? []).find((one) => placeOf(one) === undefined || !one.includes('/p2p/'))
  if (wrong !== undefined) {
    const help = 'Write it with the name of its node: /ip4/192.0.2.1/tcp/6880/p2p/12D3KooW….'
    throw new CliError('cli.usage', `--peer: "${wrong.slice(0, 100)}" is not the address of a node`, help)
  }
  const joined = options.genesis === undefined ? undefined : await readGenesis(options.genesis, options.genesisHash)
  const file = (name: string): string => join(options.dir, name)
  for (const name of ['aelf.yaml', 'genesis.json', 'keystore.json', 'password', 'data']) {
    if (!(await exists(file(name)))) continue
    throw new CliError('cli.failure', `${file(name)} is already there`, 'Choose an empty folder with --dir <folder>.')
  }
  const password = options.observer === true ? undefined : await choosePassword(terminal, options)
  await makeFolder(options.dir)
  const delegate = password === undefined ? undefined : await makeDelegate(file, password)
  const genesis = joined ?? privateGenesis(network, delegate)
  await writeNewFile(file('genesis.json'), genesis.text, PUBLIC)
  const peerId = await makeIdentity(file('data'))
  const choices = {
    genesisHash: genesis.hash,
    listen: `/ip4/${joined === undefined ? '127.0.0.1' : '0.0.0.0'}/tcp/${ports.p2p}`,
    peers: options.peer ?? [],
    rpcPort: ports.rpc,
    metricsPort: ports.metrics,
    producer: password === undefined ? undefined : { passwordFile: password.file },
  }
  // Last, because a folder with a configuration counts as complete.
  await writeNewFile(file('aelf.yaml'), configText(choices), PUBLIC)
  announce(terminal, { options, genesisHash: genesis.hash, peerId, delegate, isJoined: joined !== undefined })
}

function refuseContradictions({ genesis, genesisHash, observer, passwordFile, askPassword }: InitOptions): void {
  if (observer === true && genesis === undefined) {
    throw new CliError('cli.usage', 'a private network needs its producer', 'Leave --observer out, or give --genesis.')
  }
  if (genesis === undefined && genesisHash !== undefined) {
    throw new CliError('cli.usage', '--genesis-hash goes with --genesis', 'Give --genesis <file or url> too.')
  }
  if (passwordFile !== undefined && askPassword === true) {
    throw new CliError('cli.usage', 'give --password-file or --ask-password, not both', 'Leave one of them out.')
  }
}

function readPorts(options: InitOptions): Ports {
  const range = { from: 1, to: 65_535 }
  return {
    p2p: readWhole('--p2p-port', options.p2pPort, range),
    rpc: readWhole('--rpc-port', options.rpcPort, range),
    metrics: readWhole('--metrics-port', options.metricsPort, range),
  }
}

async function readGenesis(source: string, given: string | undefined): Promise<{ text: string; hash: Hash }> {
  const expected = given === undefined ? undefined : readHex(given, 32, 'a genesis hash')
  if (expected === undefined && /^https?:/.test(source)) {
    throw new CliError(
      'cli.usage',
      'a genesis from the web needs its hash',
      'Get it from somebody you trust, by another way, and give --genesis-hash 0x….',
    )
  }
  const text = await readGenesisSource(source)
  const hash = hashOf(text)
  if (expected === undefined || expected === hash) return { text, hash }
  throw new CliError(
    'cli.usage',
    `this genesis has the hash ${hash}, not ${expected}`,
    'It is of another network: do not use it.',
  )
}

/** The password, and where the configuration finds it. */
interface ChosenPassword {
  readonly text: string
  readonly file: string
  readonly isNew: boolean
}

async function choosePassword(terminal: Terminal, options: InitOptions): Promise<ChosenPassword> {
  const { passwordFile, askPassword } = options
  if (passwordFile !== undefined) {
    return {
      text: await readNewPassword(terminal, { passwordFile }),
      file: pathFrom(options.dir, passwordFile),
      isNew: false,
    }
  }
  if (askPassword === true) return { text: await readNewPassword(terminal, {}), file: '', isNew: false }
  return { text: randomPassword(), file: './password', isNew: true }
}

const pathFrom = (folder: string, path: string): string => relative(resolve(folder), resolve(path))

async function makeDelegate(file: (name: string) => string, password: ChosenPassword): Promise<PublicDelegate> {
  const secrets = delegateSecrets(createKey().privateKey)
  if (password.isNew) await writeNewFile(file('password'), `${password.text}\n`, SECRET)
  await writeKeystore(file('keystore.json'), secrets, { password: password.text })
  return publicPart(secrets)
}

function privateGenesis(
  network: { name: string; slotMs: number },
  delegate: PublicDelegate | undefined,
): { text: string; hash: Hash } {
  if (delegate === undefined) throw new CliError('cli.usage', 'a private network needs its producer')
  const number = Number(BigInt(`0x${Buffer.from(hexToBytes(delegate.commitment).slice(0, 4)).toString('hex')}`))
  return planGenesis({
    network: network.name,
    chainId: CHAIN_ID.first + (number % CHAIN_ID.count),
    genesisTimeMs: Math.floor(Date.now() / 1_000) * 1_000,
    slotMs: network.slotMs,
    termSeconds: TERM_SECONDS,
    producers: [{ ...delegate, name: 'Producer 1' }],
    backups: [],
    delegateAmount: PRIVATE_SUPPLY,
    selfVote: SELF_VOTE,
    foundation: delegate.address,
    foundationAmount: 0n,
    balances: [],
    params: {},
  })
}

interface Made {
  readonly options: InitOptions
  readonly genesisHash: Hash
  readonly peerId: string
  readonly delegate: PublicDelegate | undefined
  readonly isJoined: boolean
}

function announce(terminal: Terminal, { options, genesisHash, peerId, delegate, isJoined }: Made): void {
  const facts = {
    folder: options.dir,
    genesis: genesisHash,
    peerId,
    ...(delegate === undefined
      ? { role: 'observer' }
      : { delegate: delegate.address, commitment: delegate.commitment }),
  }
  if (options.json === true) {
    printJson(terminal, facts)
    return
  }
  printPairs(terminal, Object.entries(facts))
  const config = options.dir === '.' ? '' : ` --config ${join(options.dir, 'aelf.yaml')}`
  terminal.out(`Start it: aelf node${config}`)
  if (isJoined && delegate !== undefined) {
    terminal.out(
      `When it is synced and ${delegate.address} holds its deposit of 100,000 ELF: aelf register${config} --name …`,
    )
  }
  if (delegate !== undefined) terminal.out(`Keep a copy elsewhere: aelf backup create${config} --out <file>`)
}
