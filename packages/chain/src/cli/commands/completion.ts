import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import type { Terminal } from '../output.ts'

/** One place of the command tree: what may follow there. */
interface Place {
  /** Words that lead here, as typed: `aelf keys`. */
  readonly path: string
  readonly words: readonly Word[]
}

interface Word {
  readonly word: string
  readonly about: string
  /** An option that something follows: mostly a file. */
  readonly hasValue?: boolean
}

const WRITERS: Readonly<Record<string, (places: readonly Place[]) => string>> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
}

/** Shells that can be served. */
export const shells: readonly string[] = Object.keys(WRITERS)

/** `aelf completion <shell>` */
export function completion(terminal: Terminal, program: Command, shell: string): void {
  const write = Object.hasOwn(WRITERS, shell) ? WRITERS[shell] : undefined
  if (write === undefined) {
    throw new CliError('cli.usage', `no completion for "${shell.slice(0, 40)}"`, `There are: ${shells.join(', ')}.`)
  }
  terminal.out(write(placesOf(program, program.name())))
}

function placesOf(command: Command, path: string): readonly Place[] {
  const below = command.commands.map((one) => ({ word: one.name(), about: one.description() }))
  const options = command.options.map(({ long, description, required }) => {
    return { word: long ?? '', about: description, hasValue: required }
  })
  const words: readonly Word[] = [...below, ...options, { word: '--help', about: 'how it is used' }].filter(
    ({ word }) => word !== '',
  )
  return [{ path, words }, ...command.commands.flatMap((one) => placesOf(one, `${path} ${one.name()}`))]
}

/** Quotes for all three shells: a text in single quotes, without any inside. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`

/** Shell code that follows the typed words down the tree into the variable `place`. */
function patternsOf(places: readonly Place[]): string {
  return places
    .slice(1)
    .map(({ path }) => quoted(path))
    .join('|')
}

/** All options that something follows, as alternatives of a pattern. */
function valuedOf({ words }: Place): string {
  const names = words.filter(({ hasValue }) => hasValue === true).map(({ word }) => word)
  return names.length === 0 ? quoted(' ') : names.join('|')
}

function writeBash(places: readonly Place[]): string {
  const cases = places.map((place) => {
    const words = quoted(place.words.map(({ word }) => word).join(' '))
    return `    ${quoted(place.path)})
      words=${words}
      case "\${COMP_WORDS[COMP_CWORD - 1]}" in ${valuedOf(place)}) words='' ;; esac
      ;;`
  })
  return `# bash completion of aelf; to use it: source <(aelf completion bash)
_aelf() {
  local place=aelf words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$place \${COMP_WORDS[index]}" in
      ${patternsOf(places)}) place="$place \${COMP_WORDS[index]}" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _aelf aelf`
}

function writeZsh(places: readonly Place[]): string {
  const cases = places.map(({ path, words }) => {
    const items = words.map(({ word, about }) => quoted(`${word}:${about.replaceAll(':', ' ')}`))
    return `    ${quoted(path)})
      choices=(${items.join(' ')})
      case "\${words[CURRENT - 1]}" in ${valuedOf({ path, words })}) _files; return ;; esac
      ;;`
  })
  return `#compdef aelf
# zsh completion of aelf; to use it: aelf completion zsh > ~/.zfunc/_aelf, with ~/.zfunc in fpath
_aelf() {
  local place=aelf word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      ${patternsOf(places)}) place="$place $word" ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  _describe 'aelf' choices || _files
}
if [[ $funcstack[1] = _aelf ]]; then
  # Loaded by the first completion, which it has to answer.
  _aelf "$@"
else
  compdef _aelf aelf
fi`
}

function writeFish(places: readonly Place[]): string {
  const steps = places.slice(1).map(({ path }) => quoted(path))
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, about, hasValue }) => {
      const option = `-l ${word.slice(2)}${hasValue === true ? ' -r -F' : ''}`
      const what = word.startsWith('--') ? option : `-f -a ${quoted(word)}`
      return `complete -c aelf -n ${quoted(`test (__aelf_place) = "${path}"`)} ${what} -d ${quoted(about)}`
    }),
  )
  return `# fish completion of aelf; to use it: aelf completion fish > ~/.config/fish/completions/aelf.fish
function __aelf_place
  set -l place aelf
  for word in (commandline -opc)[2..-1]
    if contains -- "$place $word" ${steps.join(' ')}
      set place "$place $word"
    end
  end
  echo $place
end
${lines.join('\n')}`
}
