#!/usr/bin/env -S node --max-semi-space-size=64
// Young objects get room: under load most are garbage before the engine has to look at them. An idle node does not use it.
import { askSecret, runCli } from '../dist/cli/index.js'

const stop = new AbortController()
/** One Ctrl-C may arrive twice: from the terminal, and passed on by whatever started this program. */
const SAME_SIGNAL_MS = 1_000
let firstAt = 0
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    // The first signal asks, a later one insists.
    if (stop.signal.aborted && performance.now() - firstAt > SAME_SIGNAL_MS) process.exit(1)
    if (stop.signal.aborted) return
    firstAt = performance.now()
    stop.abort()
  })
}
// A reader that went away, as in `aelf … | head`, is no failure.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0)
})

const code = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  interrupted: stop.signal,
  // Only where a person sits at a terminal.
  ...(process.stdin.isTTY && process.stderr.isTTY
    ? { askSecret: (question) => askSecret(question, { input: process.stdin, output: process.stderr }) }
    : {}),
})

const written = (stream) => new Promise((resolve) => stream.write('', () => resolve()))
await Promise.all([written(process.stdout), written(process.stderr)])
// All that is ours has ended in order. A library's timer, such as libp2p's, is nothing to wait for.
process.exit(code)
