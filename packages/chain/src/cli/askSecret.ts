import { CliError } from './exit.ts'

const MAX_CHARACTERS = 1_024
const ENTER = ['\r', '\n', '\u0004']
const INTERRUPT = '\u0003'
const ERASE = ['\u007f', '\b']

/** Streams of a terminal, as far as asking needs them. */
export interface Keyboard {
  readonly input: Pick<NodeJS.ReadStream, 'on' | 'off' | 'setRawMode' | 'resume' | 'pause' | 'setEncoding'>
  readonly output: Pick<NodeJS.WriteStream, 'write'>
}

/** Reads a line without showing it. Ctrl-C refuses. Throws `cli.usage`. */
export function askSecret(question: string, { input, output }: Keyboard): Promise<string> {
  output.write(question)
  input.setRawMode(true)
  input.setEncoding('utf8')
  input.resume()
  return new Promise<string>((resolve, reject) => {
    let typed = ''
    const end = (settle: () => void): void => {
      input.off('data', read)
      input.setRawMode(false)
      input.pause()
      output.write('\n')
      settle()
    }
    const read = (text: string): void => {
      for (const key of text) {
        if (ENTER.includes(key)) {
          end(() => resolve(typed))
          return
        }
        if (key === INTERRUPT) {
          end(() => reject(new CliError('cli.usage', 'no password was given', 'Give --password-file <file>.')))
          return
        }
        if (ERASE.includes(key)) typed = [...typed].slice(0, -1).join('')
        else if (typed.length < MAX_CHARACTERS) typed += key
      }
    }
    input.on('data', read)
  })
}
