import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nodeExitCode, nodeExitCodes } from '#node'
import { AelfError } from '#primitives'
import { exitCodeOf, exitCodes } from './exit.ts'
import { createProgram } from './program.ts'
import { runCli } from './run.ts'
import { run } from './testing/run.ts'

const silent = { out: () => undefined, err: () => undefined, env: {}, interrupted: new AbortController().signal }

/** Every command that does something, with the words that lead to it. */
function leaves(command: Command, path: readonly string[] = []): { path: readonly string[]; command: Command }[] {
  if (command.commands.length === 0) return [{ path, command }]
  return command.commands.flatMap((one) => leaves(one, [...path, one.name()]))
}
const all = leaves(createProgram(silent))

let folder = ''
let config = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-tree-'))
  expect((await run('init', '--dir', join(folder, 'node'))).code).toBe(0)
  config = join(folder, 'node', 'aelf.yaml')
  await writeFile(join(folder, 'some.key'), `0x${'07'.repeat(32)}`)
})
afterAll(() => rm(folder, { recursive: true }))

describe('the command tree', () => {
  test('behavior: it is as large as its commands', () => {
    expect(all.length).toBeGreaterThan(25)
  })

  test.each(all.map(({ path, command }) => [path.join(' '), command] as const))(
    'behavior: %s explains itself',
    async (name, command) => {
      const { code, out } = await run(...name.split(' '), '--help')
      expect(code).toBe(exitCodes.ok)
      expect(command.description()).toMatch(/^[A-Z].*\.$/)
      for (const part of ['Examples:', 'Exit codes:', '--json']) expect(out).toContain(part)
      for (const { flags, description } of command.options)
        expect({ flags, described: description.length > 5 }).toEqual({ flags, described: true })
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe('')
    },
  )

  test('behavior: examples name commands and options there are', async () => {
    for (const { path, command } of all) {
      const { out } = await run(...path, '--help')
      const examples = [...out.matchAll(/^ {2}\$ aelf (.*)$/gm)].map(([, words = '']) => words)
      expect(examples.length).toBeGreaterThan(0)
      for (const example of examples) {
        expect(`${example} `.startsWith(`${path.join(' ')} `), example).toBe(true)
        const known = command.options.map(({ long }) => long)
        for (const [, option = ''] of example.matchAll(/ (--[a-z-]+)/g)) expect(known, example).toContain(option)
      }
    }
  })

  test('error: a word too much, an unknown option and a group alone are wrong usage', async () => {
    for (const { path } of all) expect((await run(...path, '--no-such-option')).code).toBe(exitCodes.usage)
    for (const group of ['keys', 'keystore', 'backup', 'genesis', 'config', 'proposal', 'collection'])
      expect((await run(group)).code).toBe(exitCodes.usage)
    expect((await run('doctor', 'now')).code).toBe(exitCodes.usage)
  })
})

/** What is wrong for an option, wherever it occurs, and what the answer says. */
const BAD: Readonly<Record<string, readonly [value: string, says: RegExp, code?: number]>> = {
  '--rpc': ['nowhere', /not the address of a node/],
  '--slot': ['fast', /duration/],
  '--term': ['never', /duration/],
  '--timeout': ['-1s', /duration/],
  '--for': ['a while', /duration/],
  '--fast-forward': ['soon', /duration/],
  '--port': ['99999', /--port/],
  '--nodes': ['0', /--nodes/],
  '--observers': ['x', /--observers/],
  '--base-port': ['80', /--base-port/],
  '--delegates': ['0', /--delegates/],
  '--backups': ['x', /--backups/],
  '--p2p-port': ['0', /--p2p-port/],
  '--rpc-port': ['65536', /--rpc-port/],
  '--metrics-port': ['-1', /--metrics-port/],
  '--chain-id': ['1.5', /--chain-id/],
  '--log': ['loud', /--log/],
  '--log-format': ['xml', /--log-format/],
  '--p2p-listen': ['here', /--p2p-listen/],
  '--peer': ['/ip4/1.2.3.4/tcp/1', /--peer/],
  '--config': ['/nonexistent/aelf.yaml', /there is no/],
  '--password-file': ['/nonexistent/password', /password/],
  '--new-password-file': ['/nonexistent/password', /password/],
  '--keystore': ['/nonexistent/keystore', /keystore/],
  '--key-file': ['/nonexistent/key', /key file/],
  '--bundle-file': ['/nonexistent/next.bundle', /the bundle/],
  '--genesis': ['ftp://x/y', /safe place|--genesis/],
  '--genesis-hash': ['0x12', /genesis hash/],
  '--auto-install': ['maybe', /--auto-install/],
  '--execution-workers': ['17', /--execution-workers/],
  '--age': ['long', /duration/],
  '--network': ['\u001b[2J', /--network/],
  '--days': ['many', /days/],
  '--fee-limit': ['cheap', /amount/],
  '--demo': ['x', /demo|reach|node/, exitCodes.unreachable],
  '--commission': ['101', /--commission/],
  '--name': [' ', /--name/],
  '--url': ['http://plain.example', /--url/],
  '--time-url': ['soon', /--time-url/],
  '--producer': ['me', /--producer/],
  '--backup': ['me', /--backup/],
  '--foundation': ['0x12', /--foundation/],
  '--foundation-elf': ['much', /--foundation-elf/],
  '--delegate-elf': ['-5', /--delegate-elf/],
  '--balance': ['0x12=1', /--balance/],
  '--param': ['x', /--param/],
  '--listen': ['nowhere', /--listen/],
  '--start': ['tomorrow', /--start/],
  '--limit': ['51', /--limit/],
  '--title': [' ', /--title/],
  '--text': ['/nonexistent/text', /no file/],
  '--archive': ['/nonexistent/archive', /no file/],
  '--bundle': ['0x12', /--bundle/],
  '--verdict': ['good', /--verdict/],
  '--checklist': ['9', /--checklist/],
  '--blocks': ['0', /--blocks/],
  '--running': ['/nonexistent/bundle', /bundle/],
  '--source': ['/nonexistent/source', /cannot read the archive/],
}
/** Any text is a folder, a file to write or an address to listen on: what it is good for shows later. */
const FREE = ['--token-file', '--data', '--dir', '--out', '--genesis-out', '--host', '--rpc-host']
/** Commands that take the option and do not look behind it. */
const NOT_READ = ['config show --password-file']
const ADDRESS = `0x${'11'.repeat(20)}`

const SIGNER = [
  ['--keystore', 'keystore.json'],
  ['--genesis', 'genesis.json'],
  ['--password-file', 'password'],
] as const

/** What a command needs before it looks at anything else. */
function needs(path: readonly string[], command: Command): string[] {
  const given: Readonly<Record<string, string>> = {
    '--out': join(folder, 'never-written'),
    '--key-file': join(folder, 'some.key'),
    '--network': 'x',
    '--producer': `${ADDRESS},0x${'22'.repeat(32)},Ada`,
    '--foundation': ADDRESS,
    '--name': 'Ada',
    '--days': '90',
    '--config': config,
    '--title': 'x',
    '--text': join(folder, 'some.key'),
    '--archive': join(folder, 'some.key'),
    '--verdict': 'sound',
  }
  const options = command.options.filter(({ long, mandatory }) => mandatory || long === '--config')
  const positional: Readonly<Record<string, string[]>> = {
    'fast-forward': ['1h'],
    block: ['1'],
    tx: [`0x${'33'.repeat(32)}`],
    account: [ADDRESS],
    vote: [ADDRESS, '5'],
    ...Object.fromEntries(
      ['show', 'adopt', 'decline', 'review', 'withdraw', 'expire'].map((name) => [
        `proposal ${name}`,
        [`0x${'33'.repeat(32)}`],
      ]),
    ),
    send: ['token.transfer', `to=${ADDRESS}`, 'symbol=ELF', 'amount=1'],
    'keystore address': [join(folder, 'node', 'keystore.json'), '--commitment'],
    'keystore strip': [join(folder, 'node', 'keystore.json')],
    'collection verify': ['any.bundle'],
    'collection install': ['any.bundle'],
    'collection signal': ['none'],
    'collection dry-run': [join(folder, 'some.key')],
    signer: SIGNER.flatMap(([option, file]) => [option, join(folder, 'node', file)]),
    'keystore password': [join(folder, 'node', 'keystore.json'), '--password-file', join(folder, 'node', 'password')],
  }
  return [
    ...(positional[path.join(' ')] ?? []),
    ...options.flatMap(({ long }) => [long ?? '', given[long ?? ''] ?? '']),
  ]
}

describe('bad values', () => {
  const cases = all.flatMap(({ path, command }) =>
    command.options
      .filter(({ required }) => required)
      .map((option) => [path.join(' '), option.long ?? '', command] as const),
  )

  test('behavior: every option that takes a value is known here', () => {
    expect(
      cases.map(([, option]) => option).filter((option) => BAD[option] === undefined && !FREE.includes(option)),
    ).toEqual([])
  })

  const checked = cases.filter(
    ([path, option]) =>
      BAD[option] !== undefined && path !== 'backup restore' && !NOT_READ.includes(`${path} ${option}`),
  )
  test.each(checked)('error: %s %s', async (name, option, command) => {
    const path = name.split(' ')
    const [value, says, code] = BAD[option] ?? ['', /x/]
    const before = needs(path, command)
    const at = before.indexOf(option)
    const words = at < 0 ? before : [...before.slice(0, at), ...before.slice(at + 2)]
    const genesis = ['--genesis', join(folder, 'node', 'genesis.json')]
    const keystore = ['--keystore', join(folder, 'node', 'keystore.json')]
    const isSigning = command.options.some((one) => one.long === '--demo')
    const more = option === '--genesis-hash' ? genesis : option === '--password-file' && isSigning ? keystore : []
    const free = name === 'init' ? ['--dir', join(folder, 'other')] : []
    const result = await run(
      ...path,
      ...words,
      ...more,
      ...free,
      ...(command.options.some(({ long }) => long === '--rpc') && !['--rpc', '--config'].includes(option)
        ? ['--rpc', 'http://127.0.0.1:1']
        : []),
      `${option}=${value}`,
    )
    expect(result.err).toMatch(says)
    expect(result.code).toBe(code ?? exitCodes.usage)
    expect(result.err.trim().split('\n').length).toBeLessThanOrEqual(3)
  })
})

describe('exit codes', () => {
  test('behavior: they are those of the node', () => {
    const codes = [
      'node.config',
      'node.genesis',
      'node.locked',
      'node.storage',
      'key.inUse',
      'keystore.password',
      'genesis.field',
      'store.write',
      'ledger.corrupt',
      'ledger.otherChain',
      'other.thing',
    ]
    for (const code of codes)
      expect({ code, is: exitCodeOf(new AelfError(code, '')) }).toEqual({
        code,
        is: nodeExitCode(new AelfError(code, '')),
      })
    expect(nodeExitCodes.locked).toBe(exitCodes.dataInUse)
  })
})

describe('completion', () => {
  const script = async (shell: string): Promise<string> => (await run('completion', shell)).out

  test('behavior: zsh and fish name every command; another shell is wrong usage', async () => {
    for (const shell of ['zsh', 'fish']) {
      const text = await script(shell)
      for (const { path } of all) expect(text).toContain(path.at(-1))
    }
    expect((await run('completion', 'cmd')).code).toBe(exitCodes.usage)
    expect(await runCli(['completion'], silent)).toBe(exitCodes.usage)
  })
})
