import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export const LOOPBACK = '127.0.0.1'

/** Whether nothing listens on this loopback port. @param {number} port */
export const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: LOOPBACK, exclusive: true }, () => probe.close(() => resolve(true)))
  })

/** A port the system has free now. @returns {Promise<number>} */
export const anyPort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, LOOPBACK, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

const TRIES = 50

/** The wanted port or the next free one after it. @param {number} wanted */
export const portFrom = async (wanted) => {
  for (let port = wanted; port < wanted + TRIES; port += 1) if (await isFree(port)) return port
  throw new Error(`no free port between ${wanted} and ${wanted + TRIES - 1}`)
}

/**
 * Resolves once the check holds.
 * @param {{ what: string, check: () => Promise<boolean>, timeoutMs: number, giveUp?: () => string | undefined }} options
 */
export const waitFor = async ({ what, check, timeoutMs, giveUp }) => {
  const end = Date.now() + timeoutMs
  while (Date.now() < end) {
    const reason = giveUp?.()
    if (reason !== undefined) throw new Error(reason)
    if (await check().catch(() => false)) return
    await sleep(100)
  }
  throw new Error(`${what} was not ready after ${Math.round(timeoutMs / 1000)} s`)
}

/** @param {string} url @param {number} [timeoutMs] */
export const answers = async (url, timeoutMs = 2000) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'manual' })
  await response.arrayBuffer()
  return response.status < 500
}
