import { runCli } from '../run.ts'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs one command to its end, with nobody at the terminal. */
export async function run(...words: readonly string[]): Promise<Ended> {
  let out = ''
  let err = ''
  const code = await runCli(words, {
    out: (text) => {
      out += `${text}\n`
    },
    err: (text) => {
      err += `${text}\n`
    },
    env: {},
    interrupted: new AbortController().signal,
  })
  return { code, out, err }
}
