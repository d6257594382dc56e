import { expect, test } from 'vitest'
import { runKillTest } from './killTest.ts'

const kills = Number(process.env['AELF_KILLS'] ?? 5)
const seed = process.env['AELF_SEED'] ?? String(Date.now())

test(`a devnet killed ${kills} times loses nothing it acknowledged (seed ${seed})`, {
  timeout: 60_000 + kills * 15_000,
}, async () => {
  const report = await runKillTest({
    kills,
    seed,
    slotMs: 250,
    delegates: 4,
    backups: 1,
    senders: 4,
    log: (line) => {
      if (kills > 10) console.info(line)
    },
  })
  console.info(JSON.stringify(report, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)))
  expect(report.acknowledged).toBeGreaterThan(kills)
  expect(report.lost).toEqual([])
  expect(report.reverted).toEqual([])
  expect(report.received).toBe(report.included)
})
