import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { anyPort, isFree, portFrom, waitFor } from './network.mjs'
import { createProcesses, isAlive } from './processes.mjs'

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'aelf-launch-'))
  writeFileSync(
    `${dataDir}/idle.mjs`,
    "console.log('idle'); process.title = 'renamed'; process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e6)",
  )
  writeFileSync(`${dataDir}/broken.mjs`, "console.error('no such luck'); process.exit(3)")
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const started = (name: string): string => readFileSync(`${dataDir}/logs/${name}.log`, 'utf8')
const child = (name: string) => ({ name, script: `${dataDir}/${name}.mjs`, args: [], cwd: dataDir })
const ready = (name: string) =>
  waitFor({ what: name, check: async () => started(name).includes('idle'), timeoutMs: 10_000 })

describe('children', () => {
  test('end in reverse order and are forgotten', async () => {
    const processes = createProcesses(dataDir)
    await processes.settle()
    const { pid } = processes.start(child('idle'))
    await ready('idle')
    expect(isAlive(pid)).toBe(true)
    await processes.stopAll()
    expect(isAlive(pid)).toBe(false)
    expect(() => readFileSync(`${dataDir}/run.json`)).toThrow()
  })

  test('left behind by a killed launcher are ended by the next start', async () => {
    const first = createProcesses(dataDir)
    await first.settle()
    const { pid } = first.start(child('idle'))
    await ready('idle')
    const record = JSON.parse(readFileSync(`${dataDir}/run.json`, 'utf8'))
    writeFileSync(
      `${dataDir}/run.json`,
      JSON.stringify({ ...record, launcher: { ...record.launcher, pid: 2 ** 22 + 1 } }),
    )
    await createProcesses(dataDir).settle()
    expect(isAlive(pid)).toBe(false)
  })

  test('that end by themselves are reported with their last words', async () => {
    const processes = createProcesses(dataDir)
    await processes.settle()
    const reported = new Promise<string>((resolve) => processes.onUnexpectedExit(resolve))
    const { exited } = processes.start(child('broken'))
    expect(await reported).toMatch(/broken ended \(code 3\)[\s\S]*no such luck/)
    await expect(
      waitFor({ what: 'broken', check: async () => false, timeoutMs: 5000, giveUp: exited }),
    ).rejects.toThrow('no such luck')
    await processes.stopAll()
  })

  test('a remembered id that now means another process is left alone', async () => {
    const other = createProcesses(`${dataDir}/other`)
    await other.settle()
    const { pid } = other.start({ ...child('idle'), name: 'bystander' })
    const forged = { launcher: { pid: 2 ** 22 + 1, birth: '1' }, children: { chain: { pid, birth: '1' } } }
    const processes = createProcesses(dataDir)
    writeFileSync(`${dataDir}/run.json`, JSON.stringify(forged))
    await processes.settle()
    expect(isAlive(pid)).toBe(true)
    await other.stopAll()
  })
})

describe('ports', () => {
  test('a busy port is seen, and the next free one is found', async () => {
    const port = await anyPort()
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
    expect(await isFree(port)).toBe(false)
    expect(await portFrom(port)).toBeGreaterThan(port)
    await new Promise((resolve) => server.close(resolve))
    expect(await isFree(port)).toBe(true)
  })
})
