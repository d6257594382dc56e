import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const BIN = fileURLToPath(new URL('../../bin/aelf.js', import.meta.url))
/** What a library may leave behind. */
const LEFTOVER = 'data:text/javascript,setInterval(() => {}, 1e9)'

function runBin(...words: readonly string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', LEFTOVER, BIN, ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 50_000,
    })
    let out = ''
    child.stdout.on('data', (bytes: Buffer) => {
      out += bytes.toString()
    })
    child.once('close', (code) => resolve({ code, out }))
  })
}

test('behavior: a command that is done ends its process, whatever still waits in it', { timeout: 60_000 }, async () => {
  const completion = await runBin('completion', 'bash')
  expect(completion.code).toBe(0)
  expect(completion.out.trimEnd()).toMatch(/complete .* aelf$/)
  expect((await runBin('no-such-command')).code).toBe(2)
})
