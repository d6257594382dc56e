import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../testing/run.ts'

const isThere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'completion-'))
  await writeFile(join(folder, 'aelf.fish'), (await run('completion', 'fish')).out)
  await writeFile(join(folder, 'aelf.bash'), (await run('completion', 'bash')).out)
  await writeFile(join(folder, '_aelf'), (await run('completion', 'zsh')).out)
  await writeFile(join(folder, 'here.yaml'), '')
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs lines in a shell, in a folder that holds one file besides the scripts. */
function shell(name: string, lines: string): string {
  const done = spawnSync(name, ['-c', lines], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, TERM: 'dumb' },
  })
  return done.stdout.trim()
}

describe('bash', () => {
  const ask = (...words: string[]): string =>
    shell(
      'bash',
      `source aelf.bash; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      _aelf; echo "\${COMPREPLY[*]}"`,
    )

  test('behavior: it completes commands, groups and options', () => {
    expect(ask('aelf', 'genes')).toBe('genesis')
    expect(ask('aelf', 'genesis', '')).toContain('hash')
    expect(ask('aelf', 'node', '--rpc-h')).toBe('--rpc-host')
    expect(ask('aelf', 'backup', 'create', '--o')).toBe('--out')
  })

  test('behavior: what follows an option with a value is left to the shell, which knows the files', () => {
    expect(ask('aelf', 'node', '--config', '')).toBe('')
    expect(ask('aelf', 'node', '--json', '')).toContain('--config')
  })
})

describe.skipIf(!isThere('zsh'))('zsh', () => {
  /** What an interactive zsh makes of each line when Tab is pressed at its end. */
  function completed(...lines: string[]): string[] {
    const report =
      'tell() { print -r -- \\"LINE<\\$BUFFER>\\"; BUFFER=; zle reset-prompt }; zle -N tell; bindkey \'^X\' tell'
    const setUp = `PS1='> '; fpath=(${folder} \\$fpath); autoload -U compinit; compinit -u -D; ${report}; print READY`
    const steps = lines.map(
      (line) => `zpty -w -n z '${line}'$'\\t\\x18'; zpty -r z out '*LINE<*>*'; print -r -- \${\${out##*LINE<}%%>*}`,
    )
    return shell(
      'zsh',
      ['zmodload zsh/zpty', 'zpty z zsh -f -i', `zpty -w z "${setUp}"`, "zpty -r z out '*READY*'", ...steps].join('\n'),
    )
      .split('\n')
      .map((line) => line.trimEnd())
  }

  test('behavior: it completes commands, groups and options, from the first time on', () => {
    expect(completed('aelf genes', 'aelf genesis ha', 'aelf node --rpc-h', 'aelf backup create --o')).toEqual([
      'aelf genesis',
      'aelf genesis hash',
      'aelf node --rpc-host',
      'aelf backup create --out',
    ])
  })

  test('behavior: files follow an option with a value', () => {
    expect(completed('aelf node --config h')).toEqual(['aelf node --config here.yaml'])
  })
})

describe.skipIf(!isThere('fish'))('fish', () => {
  const ask = (line: string): string[] =>
    shell('fish', `source aelf.fish; complete -C '${line}'`)
      .split('\n')
      .map((one) => one.split('\t')[0] ?? '')

  test('behavior: it completes commands, groups and options', () => {
    expect(ask('aelf genes')).toEqual(['genesis'])
    expect(ask('aelf genesis ')).toContain('hash')
    expect(ask('aelf node --rpc-h')).toEqual(['--rpc-host'])
    expect(ask('aelf backup create --o')).toEqual(['--out'])
  })

  test('behavior: files follow an option with a value', () => {
    expect(ask('aelf node --config h')).toEqual(['here.yaml'])
  })
})
