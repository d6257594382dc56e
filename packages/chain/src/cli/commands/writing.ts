import { type MethodDescriptor, parseAmount } from '#kernel'
import { bytesToHex } from '#primitives'
import { formatDuration, parseDuration } from '../duration.ts'
import { CliError } from '../exit.ts'
import { createKey, type Key, writeKeyFile } from '../keyFile.ts'
import { mustBeSynced } from '../nodeInfo.ts'
import { elf, moment, printJson, printPairs, type Terminal } from '../output.ts'
import { findKey, type KeySource, readArguments, readMethod, send, waitForTransaction } from '../sending.ts'
import { readHex, type Session } from '../session.ts'

/** Options of the commands that sign. */
export interface SendOptions extends KeySource {
  /** False with `--no-wait`. */
  readonly wait: boolean
  readonly timeout: string
  readonly feeLimit?: string
}

/** Options of `aelf send`. */
export interface CallOptions extends SendOptions {
  /** File with the bundle that the chain runs, when it is not the collection that came with this program. */
  readonly bundleFile?: string
}

/** `aelf send <contract.method> name=value…` */
export async function sendCall(
  session: Session,
  name: string,
  words: readonly string[],
  options: CallOptions,
): Promise<void> {
  const methods = options.bundleFile === undefined ? undefined : await methodsOf(session, options.bundleFile)
  await sendWith(session, () => findKey(session, options), { name, words, options, ...(methods && { methods }) })
}

/** Methods of a bundle, which must be what the chain runs: what another one calls the same may do something else. */
async function methodsOf({ client }: Session, file: string): Promise<readonly MethodDescriptor[]> {
  // Loaded on demand: a bundle brings a parser.
  const { readBundleMethods } = await import('../bundleMethods.ts')
  const { hash, methods } = await readBundleMethods(file)
  const running = (await client.request('aelf_nodeInfo')).collection?.running
  if (running === hash) return methods
  throw new CliError(
    'cli.usage',
    `the bundle ${hash} is not what the chain runs`,
    `It runs ${running ?? 'another one'}; see aelf collection status.`,
  )
}

/** A call as it was typed. */
export interface TypedCall {
  readonly name: string
  readonly words: readonly string[]
  readonly options: Omit<SendOptions, keyof KeySource>
  /** Methods there are; those of this program when left out. */
  readonly methods?: readonly MethodDescriptor[]
}

/** How long to wait and how much to pay. Throws `cli.usage`. */
export function readLimits(options: TypedCall['options']): { timeoutMs: number; feeLimit: bigint | undefined } {
  return { timeoutMs: parseDuration(options.timeout), feeLimit: readFeeLimit(options.feeLimit) }
}

/** Signs a call with the key and sends it. What was typed is checked before the key is asked for. */
export async function sendWith(session: Session, key: () => Promise<Key>, call: TypedCall): Promise<void> {
  const { client, terminal, json } = session
  const { options } = call
  const { timeoutMs, feeLimit } = readLimits(options)
  const method = readMethod(call.name, call.methods)
  const args = readArguments(method, call.words)
  const signer = await key()
  await mustBeSynced(client)
  const sent = await send(client, signer, { method, args, ...(feeLimit === undefined ? {} : { feeLimit }) })
  if (!json)
    printPairs(terminal, [
      ['from', sent.from],
      ['intent', sent.intent],
      ['id', sent.id],
    ])
  if (!options.wait) {
    if (json) printJson(terminal, sent)
    return
  }
  const view = await waitForTransaction(client, sent.id, { timeoutMs, signal: terminal.interrupted })
  if (json) printJson(terminal, { ...sent, block: view.block, receipt: view.receipt })
  else
    printPairs(terminal, [
      ['block', view.block?.height ?? ''],
      ['fee', elf(view.receipt?.fee ?? '0')],
      ['result', view.receipt?.status ?? ''],
    ])
  const error = view.receipt?.error
  if (error !== undefined) throw new CliError('cli.refused', `the transaction failed: ${error.code}`, error.help)
}

/** `aelf vote <delegate> <amount>` */
export async function vote(
  session: Session,
  delegate: string,
  amount: string,
  options: SendOptions & { readonly days: string },
): Promise<void> {
  const units = parseAmount(amount)
  if (units === undefined)
    throw new CliError(
      'cli.usage',
      `"${amount.slice(0, 40)}" is not an amount`,
      'Write it in ELF, such as 1200 or 0.5.',
    )
  const days = /^[0-9]{1,6}d?$/.test(options.days) ? Number.parseInt(options.days, 10) : undefined
  if (days === undefined)
    throw new CliError('cli.usage', `"${options.days.slice(0, 40)}" is not a number of days`, 'Write 90 to 1080.')
  const words = [`delegate=${readHex(delegate, 20, 'an address')}`, `amount=${units}`, `lockDays=${days}`]
  await sendCall(session, 'election.vote', words, options)
}

/** `aelf fast-forward <duration>` */
export async function fastForward({ client, terminal, json }: Session, text: string): Promise<void> {
  const seconds = Math.ceil(parseDuration(text) / 1_000)
  const view = await client.request('aelf_fastForward', [{ seconds }], { timeoutMs: 120_000 })
  if (json) printJson(terminal, view)
  else
    printPairs(terminal, [
      ['jumped', formatDuration(seconds * 1_000)],
      ['chain time', moment(view.nowMs)],
      ['height', view.height],
    ])
}

/** `aelf keys new`; the only place that may show a key, and only when told to. */
export async function keysNew(
  terminal: Terminal,
  options: { readonly out?: string; readonly show?: boolean; readonly json?: boolean },
): Promise<void> {
  if (options.out === undefined && options.show !== true) {
    throw new CliError('cli.usage', 'the key would be lost', 'Give --out <file> to keep it, or --show to see it.')
  }
  const key = createKey()
  if (options.out !== undefined) await writeKeyFile(options.out, key)
  const shown = options.show === true ? { privateKey: bytesToHex(key.privateKey) } : {}
  const file = options.out === undefined ? {} : { file: options.out }
  if (options.json === true) printJson(terminal, { address: key.address, ...file, ...shown })
  else printPairs(terminal, Object.entries({ address: key.address, ...file, ...shown }))
}

function readFeeLimit(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const limit = parseAmount(text.replace(/\s*elf$/i, ''))
  if (limit === undefined)
    throw new CliError('cli.usage', `"${text.slice(0, 40)}" is not an amount`, 'Write it in ELF, such as 0.01.')
  return limit
}
