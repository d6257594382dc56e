import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openRecordFile, readNodeConfig } from '#node'
import { asAddress } from '#primitives'
import { askSecret } from './askSecret.ts'
import { configText } from './configTemplate.ts'
import { judgeClock, judgeOffset } from './doctor/clock.ts'
import { judgeFlush } from './doctor/disk.ts'
import { placeOf } from './doctor/network.ts'
import { isSupportedNode } from './doctor/software.ts'
import { runCli } from './run.ts'
import { type Ended, run } from './testing/run.ts'

/** What a machine that is busy with other things may take for a few password derivations and blocks. */
const PATIENCE_MS = 120_000
vi.setConfig({ testTimeout: PATIENCE_MS, hookTimeout: PATIENCE_MS })

let root = ''
let facts: { genesis: string; delegate: string; commitment: string }
const at = (...names: string[]): string => join(root, 'node', ...names)
const own = (...words: string[]): Promise<Ended> => run(...words, '--config', at('aelf.yaml'))

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'cli-operating-'))
  const made = await run('init', '--dir', at(), '--slot', '200ms', '--network', 'one of one', '--json')
  expect(made.code).toBe(0)
  facts = JSON.parse(made.out)
})
afterAll(() => rm(root, { recursive: true }))

/** Runs a node on free ports until `during` has ended. */
async function withNode<T>(
  words: readonly string[],
  during: (rpc: string) => Promise<T>,
): Promise<{ code: number; result: T }> {
  const stop = new AbortController()
  let tell: (text: string) => void = () => undefined
  const announced = new Promise<string>((resolve) => {
    tell = resolve
  })
  const ended = runCli(
    [
      'node',
      '--rpc-port',
      '0',
      '--metrics-port',
      '0',
      '--p2p-listen',
      '/ip4/127.0.0.1/tcp/0',
      '--log',
      'silent',
      '--json',
      ...words,
    ],
    { out: tell, err: tell, env: {}, interrupted: stop.signal },
  )
  const { rpc } = JSON.parse(await announced)
  try {
    const result = await during(rpc)
    stop.abort()
    return { code: await ended, result }
  } finally {
    stop.abort()
    await ended
  }
}

async function heightAt(rpc: string): Promise<number> {
  const { out } = await run('status', '--rpc', rpc, '--json')
  return Number(JSON.parse(out).height)
}

describe('a private network of one', () => {
  test('default: what init made runs, and its record goes into a backup that only an empty folder takes', async () => {
    const { code } = await withNode(['--config', at('aelf.yaml')], async (rpc) => {
      await expect.poll(() => heightAt(rpc), { timeout: PATIENCE_MS, interval: 50 }).toBeGreaterThanOrEqual(3)
      const second = await own('node', '--json')
      expect(second.code).toBe(6)
    })
    expect(code).toBe(0)
    const file = join(root, 'delegate.backup')
    const made = await own('backup', 'create', '--out', file, '--json')
    expect(made.code).toBe(0)
    expect(JSON.parse(made.out)).toMatchObject({
      delegate: facts.delegate,
      genesis: facts.genesis,
      network: 'one of one',
    })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await own('backup', 'create', '--out', file)).code).toBe(1)

    const restore = (...words: string[]): Promise<Ended> =>
      run('backup', 'restore', file, '--password-file', at('password'), ...words)
    const blind = await restore('--dir', join(root, 'moved'))
    expect(blind.code).toBe(2)
    expect(blind.err).toContain('one place only')
    expect(blind.err).not.toContain('\\u{')
    const over = await restore('--dir', at(), '--old-node-is-stopped')
    expect(over.code).toBe(1)
    expect(over.err).toContain('stays as it is')
    const moved = await restore('--dir', join(root, 'moved'), '--old-node-is-stopped', '--json')
    expect(moved.code).toBe(0)
    const record = await openRecordFile(join(root, 'moved', 'data', 'signed.log'), asAddress(facts.delegate))
    expect(JSON.parse(moved.out).lastSigned).toBe(`slot ${record.last()?.slot}, height ${record.last()?.height}`)
    await record.close()
    expect(await readFile(join(root, 'moved', 'keystore.json'), 'utf8')).toBe(
      await readFile(at('keystore.json'), 'utf8'),
    )
    expect((await run('config', 'check', '--config', join(root, 'moved', 'aelf.yaml'))).code).toBe(0)
  })

  test('error: a damaged backup is refused before anything is written', async () => {
    const file = join(root, 'damaged.backup')
    await own('backup', 'create', '--out', file)
    const text = await readFile(file, 'utf8')
    for (const damaged of ['', '{}', text.slice(0, -40), text.replace('one of one', 'one or one')]) {
      await writeFile(file, damaged)
      const { code, err } = await run('backup', 'restore', file, '--dir', join(root, 'never'), '--old-node-is-stopped')
      expect(code).toBe(2)
      expect(err).toMatch(/backup/)
    }
    await expect(stat(join(root, 'never'))).rejects.toThrow()
  })

  test('behavior: secrets stay with their owner and are printed nowhere', async () => {
    for (const name of ['keystore.json', 'password']) expect((await stat(at(name))).mode & 0o777).toBe(0o600)
    const again = await run('init', '--dir', at())
    expect(again.code).toBe(1)
    expect(again.err).toContain('already there')
    const password = (await readFile(at('password'), 'utf8')).trim()
    const shown = await own('config', 'show')
    expect(shown.out + JSON.stringify(facts)).not.toContain(password)
  })
})

describe('a key on another machine', () => {
  test('default: a node without the key makes blocks that the signer signs', async () => {
    const folder = join(root, 'remote')
    const file = (name: string): string => join(folder, name)
    expect((await run('init', '--dir', folder, '--slot', '200ms')).code).toBe(0)
    const password = ['--password-file', file('password')]
    expect((await run('keystore', 'strip', file('keystore.json'), '--out', file('node.json'), ...password)).code).toBe(
      0,
    )
    const text = await readFile(file('aelf.yaml'), 'utf8')
    const config = text
      .replace('keystore: ./keystore.json', 'keystore: ./node.json')
      .replace('remoteSigner: ""', `remoteSigner: unix:${file('signer.sock')}`)
      .replace('signerTokenFile: ""', 'signerTokenFile: ./token')
    await writeFile(file('aelf.yaml'), config)
    const stop = new AbortController()
    let tell: (line: string) => void = () => undefined
    const announced = new Promise<string>((resolve) => {
      tell = resolve
    })
    const places = ['keystore', 'genesis'].flatMap((name) => [`--${name}`, file(`${name}.json`)])
    const words = ['signer', ...places, '--data', file('signed'), '--listen', `unix:${file('signer.sock')}`]
    const ended = runCli([...words, '--token-file', file('token'), ...password, '--log', 'silent', '--json'], {
      out: tell,
      err: tell,
      env: {},
      interrupted: stop.signal,
    })
    expect(JSON.parse(await announced)).toHaveProperty('delegate')
    expect((await stat(file('token'))).mode & 0o777).toBe(0o600)
    const { code } = await withNode(['--config', file('aelf.yaml')], async (rpc) => {
      await expect.poll(() => heightAt(rpc), { timeout: PATIENCE_MS, interval: 50 }).toBeGreaterThanOrEqual(3)
      stop.abort()
      expect(await ended).toBe(0)
    })
    expect(code).toBe(0)
  })
})

describe('joining a network', () => {
  test('default: the genesis comes from a file or the web, and must be the one that was named', async () => {
    const genesis = await readFile(at('genesis.json'), 'utf8')
    const server = createServer((request, response) => {
      if (request.url === '/genesis.json') response.end(genesis)
      else if (request.url === '/large') response.end(Buffer.alloc(17 * 1024 * 1024, 32))
      else response.writeHead(302, { location: '/genesis.json' }).end()
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const join1 = (name: string, source: string, ...words: string[]): Promise<Ended> =>
      run('init', '--dir', join(root, name), '--genesis', source, '--observer', '--json', ...words)
    try {
      const joined = await join1('joined', `${web}/genesis.json`, '--genesis-hash', facts.genesis)
      expect(JSON.parse(joined.out)).toMatchObject({ genesis: facts.genesis, role: 'observer' })
      const text = await readFile(join(root, 'joined', 'aelf.yaml'), 'utf8')
      expect(readNodeConfig({ text, folder: root })).toMatchObject({ producer: undefined, genesisHash: facts.genesis })
      expect((await join1('a', `${web}/genesis.json`)).code).toBe(2)
      expect((await join1('a', at('genesis.json'), '--genesis-hash', `0x${'12'.repeat(32)}`)).err).toContain(
        'another network',
      )
      expect((await join1('a', `${web}/large`, '--genesis-hash', facts.genesis)).err).toContain('larger than')
      expect((await join1('a', `${web}/elsewhere`, '--genesis-hash', facts.genesis)).code).toBe(1)
      expect((await join1('a', 'http://example.org/genesis.json', '--genesis-hash', facts.genesis)).err).toContain(
        'safe place',
      )
      await expect(stat(join(root, 'a'))).rejects.toThrow()
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  test('behavior: a genesis is made from what delegates tell of themselves', async () => {
    const keystore = await run(
      'keystore',
      'address',
      at('keystore.json'),
      '--commitment',
      '--password-file',
      at('password'),
    )
    expect(keystore.out.trim()).toBe(`${facts.delegate},${facts.commitment}`)
    const out = join(root, 'net.json')
    const words = ['genesis', 'new', '--network', 'net', '--out', out, '--foundation', facts.delegate, '--json']
    const made = await run(
      ...words,
      '--producer',
      `${keystore.out.trim()},Ada`,
      '--param',
      'election.voteMin=5',
      '--start',
      '2027-01-01T00:00:00Z',
    )
    expect(made.code).toBe(0)
    expect(JSON.parse(made.out)).toMatchObject({
      network: 'net',
      startsAtMs: 1_798_761_600_000,
      params: { 'election.voteMin': '5' },
    })
    expect((await run('genesis', 'hash', out)).out.trim()).toBe(JSON.parse(made.out).hash)
    expect((await run('genesis', 'show', out)).out).toContain('Ada')
    const poor = await run(
      ...words.slice(0, 5),
      join(root, 'x'),
      ...words.slice(6),
      '--producer',
      `${keystore.out.trim()},Ada`,
      '--delegate-elf',
      '5',
      '--foundation-elf',
      '0',
    )
    expect(poor.code).toBe(2)
    expect(poor.err).toContain('deposit')
  })
})

describe('keystores', () => {
  test('default: an imported key gets a password, and another one', async () => {
    const [key, old, fresh, file] = ['own.key', 'old', 'fresh', 'own.json'].map((name) => join(root, name)) as [
      string,
      string,
      string,
      string,
    ]
    const made = await run('keys', 'new', '--out', key, '--json')
    await writeFile(old, 'the old password\n')
    await writeFile(fresh, 'the new password\n')
    const imported = await run('keystore', 'import', '--key-file', key, '--out', file, '--password-file', old, '--json')
    expect(JSON.parse(imported.out).address).toBe(JSON.parse(made.out).address)
    expect((await run('keystore', 'password', file, '--password-file', fresh, '--new-password-file', old)).code).toBe(2)
    expect((await run('keystore', 'password', file, '--password-file', old, '--new-password-file', fresh)).code).toBe(0)
    expect((await run('keystore', 'address', file, '--commitment', '--password-file', old)).code).toBe(2)
    expect((await run('keystore', 'address', file, '--commitment', '--password-file', fresh)).code).toBe(0)
  })

  test('behavior: a password is asked for twice, without showing it', async () => {
    const ask = async (...answers: string[]): Promise<Ended> => {
      let text = ''
      const terminal = {
        out: (line: string) => {
          text += line
        },
        err: (line: string) => {
          text += line
        },
        env: {},
        interrupted: new AbortController().signal,
        askSecret: async () => answers.shift() ?? '',
      }
      const code = await runCli(['keystore', 'new', '--out', join(root, 'asked.json')], terminal)
      return { code, out: text, err: text }
    }
    expect((await ask('first password', 'other password')).err).toContain('differ')
    expect((await ask('short', 'short')).code).toBe(2)
    const made = await ask('a long password', 'a long password')
    expect(made.code).toBe(0)
    expect(made.out).not.toContain('a long password')
    expect((await run('keystore', 'new', '--out', join(root, 'b.json'))).err).toContain('nobody to ask')
  })

  test('behavior: keys are read raw: erased, ended, interrupted', async () => {
    type Reader = (text: string) => void
    const ask = (...typed: string[]): Promise<string> => {
      let read: Reader = () => undefined
      let shown = ''
      const modes: boolean[] = []
      const input = {
        on: (_name: string, reader: Reader) => {
          read = reader
        },
        off: () => undefined,
        setRawMode: (raw: boolean) => modes.push(raw),
        setEncoding: () => undefined,
        resume: () => undefined,
        pause: () => undefined,
      }
      const output = {
        write: (text: string) => {
          shown += text
          return true
        },
      }
      const asked = askSecret('Password: ', { input, output } as unknown as Parameters<typeof askSecret>[1])
      for (const text of typed) read(text)
      return asked.finally(() => {
        expect(shown).toBe('Password: \n')
        expect(modes).toEqual([true, false])
      })
    }
    expect(await ask('abx\u007fc', 'd\r')).toBe('abcd')
    await expect(ask('ab\u0003')).rejects.toMatchObject({ code: 'cli.usage' })
  })
})

describe('configuration', () => {
  test('behavior: the file that init writes names every option there is, each with its default', () => {
    const hash = `0x${'ab'.repeat(32)}` as Parameters<typeof configText>[0]['genesisHash']
    const choices = { genesisHash: hash, listen: '/ip4/0.0.0.0/tcp/6880', peers: [], rpcPort: 8545, metricsPort: 9464 }
    const text = configText({ ...choices, producer: { passwordFile: './password' } })
    const folder = '/x'
    const read = readNodeConfig({ text, folder })
    const bare = readNodeConfig({
      text: `genesisHash: "${hash}"\nproducer: { keystore: ./keystore.json, passwordFile: ./password }`,
      folder,
    })
    expect(read).toEqual(bare)
    const names = (value: object): string[] =>
      Object.entries(value).flatMap(([name, one]) =>
        typeof one === 'object' && !Array.isArray(one) && one !== null ? names(one) : [name],
      )
    for (const name of names(read)) expect(text).toMatch(new RegExp(`^ *${name}:`, 'm'))
    for (const line of text.split('\n').filter((one) => /^ +[a-zA-Z]+:/.test(one))) expect(line).not.toMatch(/ $/)
  })

  test('error: a wrong setting is named', async () => {
    const file = join(root, 'wrong.yaml')
    await writeFile(file, 'rpc: { port: eighty }')
    const { code, err } = await run('config', 'check', '--config', file)
    expect(code).toBe(2)
    expect(err).toContain('rpc.port')
  })
})

describe('doctor', () => {
  test('default: each check says how it is and what to do, also where nothing runs and nothing can be reached', async () => {
    const { code, out } = await own('doctor', '--json')
    const findings: { check: string; state: string; help: string }[] = JSON.parse(out).findings
    for (const check of [
      'node version',
      'engines',
      'genesis',
      'keystore',
      'permissions',
      'disk space',
      'disk speed',
      'node',
      'peers',
      'clock',
    ]) {
      expect(findings.map((one) => one.check)).toContain(check)
    }
    for (const { state, help } of findings) if (state !== 'ok') expect(help).not.toBe('')
    expect(code).toBe(findings.some(({ state }) => state === 'fail') ? 1 : 0)
  })

  test('error: what is broken fails and says how to repair it', async () => {
    await chmod(at('keystore.json'), 0o644)
    try {
      const { code, out } = await own('doctor')
      expect(code).toBe(1)
      expect(out).toContain(`chmod 600 ${at('keystore.json')}`)
    } finally {
      await chmod(at('keystore.json'), 0o600)
    }
  })

  test('behavior: clock, disk, addresses and versions are judged', () => {
    const second = 1_000_000
    expect(judgeClock({ before: second + 300, after: second + 400, told: second }).state).toBe('ok')
    expect(judgeClock({ before: second + 2_500, after: second + 2_600, told: second })).toMatchObject({
      state: 'warn',
      message: 'ahead by at least 1.5 s',
    })
    expect(judgeClock({ before: second - 9_000, after: second - 8_900, told: second })).toMatchObject({
      state: 'fail',
      message: 'behind by at least 8.9 s',
    })
    expect([-20, 999, 1_500, -2_500].map((ms) => judgeOffset(ms, 4_000).state)).toEqual(['ok', 'ok', 'warn', 'fail'])
    expect(judgeOffset(-2_500, 4_000).message).toBe('2.5 s behind the peers')
    expect([2, 80, 900].map((ms) => judgeFlush(ms).state)).toEqual(['ok', 'warn', 'fail'])
    expect(placeOf('/ip4/192.0.2.1/tcp/6880/p2p/12D3')).toEqual({ host: '192.0.2.1', port: 6880 })
    expect(placeOf('/unix/x')).toBeUndefined()
    expect(['20.18.0', '20.19.0', '21.9.9', '22.11.0', '22.12.0', '23.1.0', '24.0.0'].map(isSupportedNode)).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
      true,
    ])
  })
})
