import { chromeTrace, overlapsOf } from '../chromeTrace.ts'
import { formatDuration, parseDuration } from '../duration.ts'
import { CliError } from '../exit.ts'
import type { Key } from '../keyFile.ts'
import { printJson, printPairs } from '../output.ts'
import { withPairing } from '../pairing.ts'
import { exists, PUBLIC, writeNewFile } from '../privateFile.ts'
import { findKey, type KeySource } from '../sending.ts'
import { DEFAULT_CONFIG, type Session } from '../session.ts'

/** A node looks no longer by itself. */
const LONGEST_MS = 600_000

/** Options of `aelf trace`. */
export interface TraceOptions extends KeySource {
  readonly config?: string
  readonly for: string
  readonly out: string
}

/** The key of the operator: as it was named, else that of the configuration that is here. */
async function operatorKey(session: Session, options: TraceOptions): Promise<Key> {
  const { keyFile, keystore, demo, config } = options
  const isNamed = [keyFile, keystore, demo].some((one) => one !== undefined)
  if (isNamed || (config === undefined && !(await exists(DEFAULT_CONFIG)))) return findKey(session, options)
  // Loaded on demand: keystores and configurations belong to the node, which other commands do not need.
  const [{ openDelegate }, { signingKey }] = await Promise.all([import('../delegateKey.ts'), import('../secrets.ts')])
  return signingKey(await openDelegate(session.terminal, { config: config ?? DEFAULT_CONFIG }))
}

function pause(ms: number, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (interrupted.aborted) {
      resolve()
      return
    }
    const timer = setTimeout(resolve, ms)
    interrupted.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** `aelf trace`: how blocks go through a node, as a file that browsers draw. */
export async function trace(session: Session, options: TraceOptions): Promise<void> {
  const { client, terminal, json } = session
  const ms = parseDuration(options.for)
  if (ms > LONGEST_MS) throw new CliError('cli.usage', '--for: a node looks for ten minutes at most')
  if (await exists(options.out)) {
    throw new CliError('cli.usage', `${options.out} is there already`, 'Choose another file with --out.')
  }
  const key = await operatorKey(session, options)
  const { spans, dropped } = await withPairing(client, key, async (token) => {
    await client.request('aelf_operatorTrace', [token, 'start'])
    if (!json) terminal.err(`Looking for ${formatDuration(ms)}; Ctrl-C ends it sooner.`)
    await pause(ms, terminal.interrupted)
    return client.request('aelf_operatorTrace', [token, 'stop'])
  })
  await writeNewFile(options.out, `${JSON.stringify(chromeTrace(spans))}\n`, PUBLIC)
  const { executed, overlapped } = overlapsOf(spans)
  const facts = { file: options.out, steps: spans.length, dropped, executed, overlapped }
  if (json) {
    printJson(terminal, facts)
    return
  }
  printPairs(terminal, [
    ['file', options.out],
    ['steps', dropped === 0 ? spans.length : `${spans.length}, ${dropped} older ones were not kept`],
    ['blocks executed', executed],
    ['the next one verified meanwhile', overlapped],
  ])
  terminal.out('Open the file in chrome://tracing or in Perfetto.')
}
