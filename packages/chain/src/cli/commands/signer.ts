import { resolve } from 'node:path'
import { createLogger, createRedactor, startRemoteSigner } from '#node'
import { CliError } from '../exit.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { type PasswordSource, randomPassword, readPassword } from '../password.ts'
import { exists, SECRET, writeNewFile } from '../privateFile.ts'

/** Options of `aelf signer` as they were typed. */
export interface SignerOptions extends PasswordSource {
  readonly keystore: string
  readonly genesis: string
  readonly data: string
  readonly listen: string
  readonly tokenFile: string
  readonly log: string
  readonly json?: boolean
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

/** `aelf signer`: holds a delegate's key and signs for its node, until interrupted. */
export async function signer(terminal: Terminal, options: SignerOptions): Promise<void> {
  const level = LEVELS.find((one) => one === options.log)
  if (level === undefined) throw new CliError('cli.usage', `--log is one of ${LEVELS.join(', ')}`)
  const port = /^(?:unix:\/.+|[^\s:]+:([0-9]{1,5})|\[[0-9a-f:]+\]:([0-9]{1,5}))$/.exec(options.listen)
  if (port === null || Number(port[1] ?? port[2] ?? 0) > 65_535) {
    throw new CliError(
      'cli.usage',
      `--listen: "${options.listen.slice(0, 80)}" is no place to listen`,
      'Write unix:/path or host:port.',
    )
  }
  for (const [flag, path] of [
    ['--keystore', options.keystore],
    ['--genesis', options.genesis],
  ] as const) {
    if (!(await exists(path))) throw new CliError('cli.usage', `${flag}: there is no file ${path}`, 'Correct the path.')
  }
  const password = await readPassword(terminal, options)
  if (!(await exists(options.tokenFile))) await writeNewFile(options.tokenFile, `${randomPassword()}\n`, SECRET)
  const redactor = createRedactor()
  const running = await startRemoteSigner(
    {
      keystore: resolve(options.keystore),
      genesis: resolve(options.genesis),
      dataDir: resolve(options.data),
      listen: options.listen,
      tokenFile: resolve(options.tokenFile),
    },
    { logger: createLogger(level, { redactor }), redactor, password },
  )
  try {
    const facts = { delegate: running.address, listen: running.url, tokenFile: options.tokenFile }
    if (options.json === true) printJson(terminal, facts)
    else printPairs(terminal, Object.entries(facts))
    await new Promise<void>((done) => {
      if (terminal.interrupted.aborted) done()
      else terminal.interrupted.addEventListener('abort', () => done(), { once: true })
    })
  } finally {
    await running.stop()
  }
}
