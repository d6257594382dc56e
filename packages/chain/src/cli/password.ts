import { randomBytes } from 'node:crypto'
import { CliError } from './exit.ts'
import type { Terminal } from './output.ts'
import { readSmallFile } from './privateFile.ts'

const MAX_BYTES = 4_096
const RANDOM_BYTES = 24

/** Where a password comes from: a file, else the person at the terminal. It is never an argument, which others can see. */
export interface PasswordSource {
  readonly passwordFile?: string | undefined
}

/** An existing password. Throws `cli.usage`. */
export async function readPassword(terminal: Terminal, { passwordFile }: PasswordSource): Promise<string> {
  if (passwordFile !== undefined) return readPasswordFile(passwordFile)
  return ask(terminal, 'Password of the keystore: ')
}

/** A new password, typed twice when it does not come from a file. Throws `cli.usage`. */
export async function readNewPassword(terminal: Terminal, { passwordFile }: PasswordSource): Promise<string> {
  if (passwordFile !== undefined) return readPasswordFile(passwordFile)
  const first = await ask(terminal, 'New password of the keystore: ')
  if ((await ask(terminal, 'The same again: ')) === first) return first
  throw new CliError('cli.usage', 'the two passwords differ', 'Type the same password twice.')
}

/** A password nobody has to remember, for a file beside the keystore. */
export const randomPassword = (): string => randomBytes(RANDOM_BYTES).toString('base64url')

/** First line of a file. Throws `cli.usage`. */
export async function readPasswordFile(path: string): Promise<string> {
  const [line = ''] = (await readSmallFile(path, MAX_BYTES, 'the password file')).split(/\r?\n/)
  if (line !== '') return line
  throw new CliError('cli.usage', `the password file ${path} is empty`, 'Put the password on its first line.')
}

async function ask(terminal: Terminal, question: string): Promise<string> {
  if (terminal.askSecret !== undefined) return terminal.askSecret(question)
  throw new CliError('cli.usage', 'there is nobody to ask for the password', 'Give --password-file <file>.')
}
