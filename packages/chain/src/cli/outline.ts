import type { Command } from 'commander'
import { printsJson, shared } from './session.ts'

export const EXIT_CODES: string = `
Exit codes: 0 done · 1 failed · 2 wrong usage · 3 node not reachable · 4 refused by the chain
            5 storage failed · 6 data folder in use · 7 key in use elsewhere
            8 the chain’s collection is not installed`

/** What the help of a command says. */
export interface Outline {
  readonly usage: string
  readonly about: string
  readonly examples: readonly string[]
  /** Asks no node. */
  readonly local?: boolean
}

/** Adds a command that explains itself: what it does, examples, exit codes. */
export function add(parent: Command, { usage, about, examples, local }: Outline): Command {
  const command = parent.command(usage).description(about)
  command.addHelpText(
    'after',
    `\nExamples:\n${examples.map((example) => `  $ aelf ${example}`).join('\n')}\n${EXIT_CODES}`,
  )
  return local === true ? printsJson(command) : shared(command)
}

/** Adds a command that only holds others. */
export function addGroup(parent: Command, name: string, about: string): Command {
  return parent.command(name).description(about)
}

/** For options that may be given several times. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

export const withConfig = (command: Command): Command =>
  command.option('--config <file>', 'configuration of the node (aelf.yaml when left out)')

export const withPassword = (
  command: Command,
  about = 'file with the password of the keystore; asked for when left out',
): Command => command.option('--password-file <file>', about)
