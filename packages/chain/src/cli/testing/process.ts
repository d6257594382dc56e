import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../../bin/aelf.js', import.meta.url))
const MAX_TEXT = 1024 * 1024

/** A command in a process of its own. */
export interface CliProcess {
  readonly child: ChildProcess
  /** What it has printed: `--json` answers on one side, the log and what went wrong on the other. */
  out(): string
  err(): string
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts the built command; a test that spawns it ends it. */
export function start(...words: readonly string[]): CliProcess {
  const child = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (bytes: Buffer) => {
    out = (out + bytes.toString()).slice(-MAX_TEXT)
  })
  child.stderr.on('data', (bytes: Buffer) => {
    err = (err + bytes.toString()).slice(-MAX_TEXT)
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return { child, out: () => out, err: () => err, ended }
}

/** The JSON that a command announces itself with; rejects when it ends instead. */
export async function announced<T>(command: CliProcess): Promise<T> {
  const { child, out, err, ended } = command
  const early = ended.then((code): never => {
    throw new Error(`It ended with ${code}: ${err().slice(-600)} ${out().slice(-600)}`)
  })
  const told = new Promise<T>((resolve) => {
    child.stdout?.on('data', () => {
      // A log may follow the announcement: it is pretty-printed and ends with the first brace of its own line.
      const found = /^\{\n[\s\S]*?^\}$/m.exec(out())
      if (found !== null) resolve(JSON.parse(found[0]) as T)
    })
  })
  return Promise.race([told, early])
}
