import { loadGenesisFile, type MainChainOptions } from '#chains'
import { parseAmount } from '#kernel'
import { type Address, asAddress, asHash } from '#primitives'
import { formatDuration, parseDuration } from '../duration.ts'
import { CliError } from '../exit.ts'
import { ELF, type FoundingDelegate, hashOf, type NewGenesis, planGenesis, readParam } from '../genesisPlan.ts'
import { readGenesisSource } from '../genesisSource.ts'
import { elf, moment, printJson, printPairs, type Terminal } from '../output.ts'
import { PUBLIC, writeNewFile } from '../privateFile.ts'
import { readHex, readWhole } from '../session.ts'

/** Options of `aelf genesis new` as they were typed. */
export interface GenesisNewOptions {
  readonly network: string
  readonly out: string
  readonly producer: readonly string[]
  readonly backup?: readonly string[]
  readonly foundation: string
  readonly foundationElf: string
  readonly delegateElf: string
  readonly balance?: readonly string[]
  readonly param?: readonly string[]
  readonly chainId: string
  readonly slot: string
  readonly term: string
  readonly start: string
  readonly json?: boolean
}

/** `aelf genesis new` */
export async function genesisNew(terminal: Terminal, options: GenesisNewOptions): Promise<void> {
  const made = planGenesis({
    network: readNetwork(options.network),
    chainId: readWhole('--chain-id', options.chainId, { from: 1, to: 4_294_967_295 }),
    genesisTimeMs: readStart(options.start),
    slotMs: readSlot(options.slot),
    termSeconds: Math.ceil(parseDuration(options.term) / 1_000),
    producers: options.producer.map((text) => readDelegate('--producer', text)),
    backups: (options.backup ?? []).map((text) => readDelegate('--backup', text)),
    delegateAmount: readElf('--delegate-elf', options.delegateElf),
    selfVote: 0n,
    foundation: readAccount('--foundation', options.foundation),
    foundationAmount: readElf('--foundation-elf', options.foundationElf),
    balances: (options.balance ?? []).map(readBalance),
    params: Object.fromEntries((options.param ?? []).map(readParam)),
  })
  await writeNewFile(options.out, made.text, PUBLIC)
  printGenesis(terminal, made, { file: options.out, json: options.json === true })
}

/** `aelf genesis show <source>` */
export async function genesisShow(terminal: Terminal, source: string, json: boolean): Promise<void> {
  const text = await readGenesisSource(source)
  printGenesis(terminal, { text, hash: hashOf(text), options: loadGenesisFile(text) }, { file: source, json })
}

/** `aelf genesis hash <source>` */
export async function genesisHash(terminal: Terminal, source: string, json: boolean): Promise<void> {
  const hash = hashOf(await readGenesisSource(source))
  if (json) printJson(terminal, { hash })
  else terminal.out(hash)
}

function printGenesis(terminal: Terminal, { hash, options }: NewGenesis, shown: { file: string; json: boolean }): void {
  const facts = {
    file: shown.file,
    network: options.network,
    hash,
    walletChainId: options.chainId,
    startsAtMs: options.genesisTimeMs,
    slotMs: options.slotMs,
    termSeconds: options.termSeconds,
    producers: options.producers.map(({ address }) => address),
    candidates: options.candidates.length,
    votes: options.votes.length,
    accounts: options.balances.length,
    supply: options.balances.reduce((sum, { amount }) => sum + amount, 0n).toString(),
    params: options.params ?? {},
  }
  if (shown.json) {
    printJson(terminal, facts)
    return
  }
  printPairs(terminal, [
    ['file', facts.file],
    ['network', facts.network],
    ['genesis hash', facts.hash],
    ['wallet chain id', facts.walletChainId],
    ['starts', moment(facts.startsAtMs)],
    ['slot', formatDuration(facts.slotMs)],
    ['term', formatDuration(facts.termSeconds * 1_000)],
    ['producers', facts.producers.length],
    ['candidates', facts.candidates],
    ['votes', facts.votes],
    ['accounts', facts.accounts],
    ['supply', elf(facts.supply)],
    ...Object.entries(facts.params).map(([name, value]) => [name, value.toString()] as const),
  ])
  for (const { address, name } of options.candidates) {
    const place = facts.producers.indexOf(address)
    terminal.out(`  ${place < 0 ? 'backup  ' : 'producer'} ${address} ${name}`)
  }
}

/** A name the first block can carry. Throws `cli.usage`. */
export function readNetwork(text: string): string {
  if (/^[ -~]{1,64}$/.test(text)) return text
  throw new CliError('cli.usage', '--network is not a name of a network', 'Write 1 to 64 printable ASCII characters.')
}

/** Length of a slot. Throws `cli.usage`. */
export function readSlot(text: string): number {
  const slotMs = parseDuration(text, 'ms')
  if (slotMs >= 100 && slotMs <= 60_000) return slotMs
  throw new CliError('cli.usage', '--slot: a slot lasts 100ms to 60s', 'Write 4s, as the main network has.')
}

function readStart(text: string): number {
  if (text === 'now') return Math.floor(Date.now() / 1_000) * 1_000
  const time = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN
  if (time >= 0) return time
  throw new CliError(
    'cli.usage',
    `--start: "${text.slice(0, 40)}" is not a time`,
    'Write it in UTC: 2027-01-01T12:00:00Z.',
  )
}

function readAccount(flag: string, text: string): Address {
  return asAddress(readHex(text, 20, `an address (${flag})`))
}

function readElf(flag: string, text: string): bigint {
  const amount = parseAmount(text.replace(/\s*elf$/i, ''))
  if (amount !== undefined && amount < 10n ** 12n * ELF) return amount
  throw new CliError(
    'cli.usage',
    `${flag}: "${text.slice(0, 40)}" is not an amount`,
    'Write it in ELF, such as 200000.',
  )
}

/** `address,commitment,name` as `aelf keystore address` prints it. */
function readDelegate(flag: string, text: string): FoundingDelegate {
  const [address = '', commitment = '', ...words] = text.split(',')
  const name = words.join(',').trim()
  if (name === '' || name.length > 64) {
    throw new CliError(
      'cli.usage',
      `${flag}: "${text.slice(0, 60)}" is not a delegate`,
      'Write address,commitment,name; `aelf keystore address` prints the first two.',
    )
  }
  return {
    address: readAccount(flag, address),
    commitment: asHash(readHex(commitment, 32, `a commitment (${flag})`)),
    name,
  }
}

function readBalance(text: string): MainChainOptions['balances'][number] {
  const [account = '', amount = ''] = text.split('=')
  return { account: readAccount('--balance', account), amount: readElf('--balance', amount) }
}
