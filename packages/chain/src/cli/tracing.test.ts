import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OperatorSpanView } from '#rpc/client'
import { chromeTrace, overlapsOf } from './chromeTrace.ts'
import { exitCodes } from './exit.ts'
import { runCli } from './run.ts'
import { run } from './testing/run.ts'

const span = (step: OperatorSpanView['step'], height: number, startMs: number, endMs: number): OperatorSpanView => ({
  ...{ step, height: String(height), startMs, endMs },
})

/** A node that catches up: signatures of 6 and 7 are verified while 5 is executed, those of 8 after it. */
const spans = [
  span('verify', 5, 0, 2),
  span('execute', 5, 2, 6),
  span('verify', 6, 1.5, 7),
  span('verify', 7, 3, 5),
  span('execute', 6, 7, 9),
  span('verify', 8, 9, 10),
  span('execute', 7, 9, 10),
  span('commit', 7, 10, 12.5),
]

test('default: a row for each step, and further rows where blocks overlap in one', () => {
  const { traceEvents } = chromeTrace(spans)
  const rows = traceEvents.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args['name']])
  expect(rows).toEqual([
    [1, 'verify'],
    [2, 'verify 2'],
    [101, 'execute'],
    [301, 'commit'],
  ])
  expect(traceEvents.find(({ name }) => name === 'commit 7')).toEqual({
    ...{ name: 'commit 7', cat: 'commit', ph: 'X', ts: 10_000, dur: 2500, pid: 1, tid: 301, args: { height: '7' } },
  })
  const complete = traceEvents.filter(({ ph }) => ph === 'X')
  expect(complete).toHaveLength(spans.length)
  for (const one of complete) {
    const others = complete.filter((other) => other !== one && other.tid === one.tid)
    for (const { ts = 0, dur = 0 } of others) {
      expect((one.ts ?? 0) >= ts + dur || ts >= (one.ts ?? 0) + (one.dur ?? 0)).toBe(true)
    }
  }
})

test('behavior: only the signatures of the very next block count as overlapping', () => {
  expect(overlapsOf(spans)).toEqual({ executed: 3, overlapped: 2 })
  expect(overlapsOf([])).toEqual({ executed: 0, overlapped: 0 })
})

describe('aelf trace', () => {
  let folder = ''
  let rpc = ''
  const stop = new AbortController()
  let ended: Promise<number> | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cli-trace-'))
    let tell: (text: string) => void = () => undefined
    const announced = new Promise<string>((resolve) => {
      tell = resolve
    })
    const words = ['devnet', '--port', '0', '--slot', '100', '--delegates', '1', '--backups', '0', '--log', 'silent']
    ended = runCli([...words, '--json'], { out: tell, err: tell, env: {}, interrupted: stop.signal })
    rpc = JSON.parse(await announced).rpc
  })
  afterAll(async () => {
    stop.abort()
    await ended
    await rm(folder, { recursive: true })
  })

  test('default: an operator gets the steps of the blocks that went through, as a file that browsers draw', async () => {
    const file = join(folder, 'trace.json')
    const { code, out } = await run('trace', '--demo', '1', '--for', '2s', '--out', file, '--json', '--rpc', rpc)
    expect(code).toBe(exitCodes.ok)
    const facts = JSON.parse(out)
    expect(facts).toMatchObject({ file, dropped: 0 })
    const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as ReturnType<typeof chromeTrace>
    const steps = traceEvents.filter(({ ph }) => ph === 'X')
    expect(steps).toHaveLength(facts.steps)
    expect(new Set(steps.map(({ cat }) => cat))).toEqual(new Set(['execute', 'root', 'commit']))
    expect(new Set(steps.map(({ args }) => args['height'])).size).toBeGreaterThan(1)
  })

  test('error: a file that is there is left alone, and a stranger sees nothing', async () => {
    const file = join(folder, 'other.json')
    const key = join(folder, 'stranger.key')
    expect((await run('keys', 'new', '--out', key)).code).toBe(exitCodes.ok)
    const refused = await run('trace', '--key-file', key, '--for', '1s', '--out', file, '--rpc', rpc)
    expect([refused.code, refused.err]).toEqual([expect.any(Number), expect.stringContaining('operator')])
    expect(refused.code).not.toBe(exitCodes.ok)
    await expect(stat(file)).rejects.toThrow()
    const taken = await run('trace', '--key-file', key, '--for', '1s', '--out', key, '--rpc', rpc)
    expect([taken.code, taken.err]).toEqual([exitCodes.usage, expect.stringContaining('is there already')])
    const long = await run('trace', '--demo', '1', '--for', '11m', '--out', file, '--rpc', rpc)
    expect(long.code).toBe(exitCodes.usage)
  })
})
