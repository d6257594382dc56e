import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildBundle, readMainSource } from '#collection'
import type { DryRunReport } from '#dryrun'
import { bytesToUtf8, utf8ToBytes } from '#primitives'
import { createRpcClient } from '#rpc/client'
import { routes } from '#rpc/routes'
import { runCli } from './run.ts'
import { type Ended, run } from './testing/run.ts'

let folder = ''
let url = ''
let stop: () => Promise<unknown>
const file = (name: string): string => join(folder, name)

type Change = readonly [path: string, from: string, to: string]
const REWARD = 'contracts/reward/contract.ts'

/** Builds the program's own source with values and with some text replaced. */
async function build(
  name: string,
  params: Readonly<Record<string, string>>,
  changes: readonly Change[],
): Promise<void> {
  const source = new Map(await readMainSource())
  const manifest = { name: 'aelf-main', version: name, entry: 'chains/mainCollection.ts', params }
  source.set('collection.json', utf8ToBytes(JSON.stringify(manifest)))
  for (const [path, from, to] of changes) {
    const text = bytesToUtf8(source.get(path) ?? new Uint8Array(0))
    expect(text).toContain(from)
    source.set(path, utf8ToBytes(text.replace(from, to)))
  }
  await writeFile(file(name), (await buildBundle(source)).bytes)
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aelf-dry-run-'))
  const aborted = new AbortController()
  let tell: (text: string) => void = () => undefined
  const announced = new Promise<string>((resolve) => {
    tell = resolve
  })
  const network = ['--delegates', '4', '--backups', '0', '--slot', '1s', '--param', 'election.firstN=1']
  const ended = runCli(['devnet', '--port', '0', '--log', 'error', '--json', ...network], {
    out: tell,
    err: tell,
    env: {},
    interrupted: aborted.signal,
  })
  url = JSON.parse(await announced).rpc
  stop = () => {
    aborted.abort()
    return ended
  }
  const fails = `activate: () => { throw new Error('never') }`.replace(
    "throw new Error('never')",
    "assert(false, 'the state is not what it was')",
  )
  const withAssert: Change = [REWARD, 'import { errors }', "import { assert } from '#primitives'\nimport { errors }"]
  await build('cheap', { 'token.feePerByte': '1' }, [
    [REWARD, 'methods: [claim, claimCommission]', 'methods: [claim]'],
    [REWARD, "import { claimCommission } from './methods/claimCommission.ts'\n", ''],
  ])
  await build('failing', {}, [
    withAssert,
    [REWARD, 'hooks: { endBlock: countBlock }', `hooks: { endBlock: countBlock, ${fails} }`],
  ])
  await build('breaking', {}, [
    withAssert,
    [REWARD, 'endBlock: countBlock', `endBlock: (ctx) => { countBlock(ctx); assert(false, 'it breaks') }`],
  ])
  await build('renumbered', {}, [
    ['contracts/reward/methods/claim.ts', 'Claim the rewards of the vote', 'Claim all of the vote'],
  ])
  const client = createRpcClient({ url, schemas: routes })
  const [account, other] = await client.request('aelf_devAccounts')
  expect(
    (
      await run(
        'send',
        'token.transfer',
        `to=${other?.address}`,
        'symbol=ELF',
        'amount=5elf',
        '--demo',
        '1',
        '--rpc',
        url,
      )
    ).err,
  ).toBe('')
  expect(account).toBeDefined()
}, 120_000)
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const dryRun = (name: string, ...more: string[]): Promise<Ended> =>
  run('collection', 'dry-run', file(name), '--rpc', url, ...more)
const reportOf = async (name: string): Promise<DryRunReport> => JSON.parse((await dryRun(name, '--json')).out)

describe('aelf collection dry-run', () => {
  test('default: shows what changes, and what the last transactions would have come to', async () => {
    const report = await reportOf('cheap')
    expect(report).toMatchObject({ verdict: 'runs', reasons: [], network: 'aelf devnet', migration: { ok: true } })
    expect(report.parameters).toMatchObject([{ name: 'token.feePerByte', to: '1' }])
    expect(report.descriptors).toMatchObject([
      { contract: 'reward', kind: 'method', name: 'claimCommission', change: 'removed', to: null },
    ])
    expect(report.fees.find(({ method }) => method === 'token.transfer')?.bytes).toBe(250)
    const { replay } = report
    expect(replay).toMatchObject({ transactions: 1, differing: 1 })
    expect(BigInt(replay?.fees.to ?? 0)).toBeLessThan(BigInt(replay?.fees.from ?? 0))
    expect(replay?.units.to).toBe(replay?.units.from)
    const { code, out } = await dryRun('cheap')
    expect(code).toBe(0)
    for (const part of ['token.feePerByte', 'claimCommission', 'removed', 'state root then'])
      expect(out).toContain(part)
  }, 60_000)

  test('error: a migration that fails is what the chain would call off; so are numbers with another meaning', async () => {
    const failing = await dryRun('failing', '--json')
    expect(failing.code).toBe(1)
    expect(JSON.parse(failing.out)).toMatchObject({ verdict: 'calledOff', migration: { ok: false }, replay: null })
    expect(JSON.parse(failing.out).reasons[0]).toContain('the state is not what it was')
    const renumbered = await reportOf('renumbered')
    expect(renumbered).toMatchObject({ verdict: 'calledOff', migration: null, descriptors: [{ change: 'changed' }] })
    expect(renumbered.reasons[0]).toContain('reward method 1 was')
  }, 60_000)

  test('error: a block that breaks is told', async () => {
    const { code, err } = await dryRun('breaking')
    expect(code).toBe(1)
    expect(err).toContain('a block of it fails')
    expect(err).toContain('it breaks')
  }, 60_000)

  test('error: what runs already, and what is not installed, is not tried', async () => {
    // Name, version, code and values are those of the built-in one.
    await build('1', {}, [])
    expect((await dryRun('1')).err).toContain('the collection that the chain runs')
    expect((await run('collection', 'dry-run', `0x${'12'.repeat(32)}`, '--rpc', url, '--data', folder)).err).toContain(
      'not installed',
    )
    expect((await dryRun('cheap', '--blocks', '1001')).code).toBe(2)
  }, 60_000)
})
