import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { anyPort } from '../.house/launch/network.mjs'
import { startProduct } from '../.house/launch/product.mjs'
import { type Addresses, publish } from './fixtures/product.ts'

/** Slots of the test chain: short enough to wait for a block, long enough for two busy cores that also do something else. */
const SLOT_MS = 600

/**
 * Starts a whole product on free loopback ports with its own data folder, and a small server by which specs, which run in
 * another process, may ask to restart one of its parts. A product that runs already is used when AELF_E2E_PRODUCT names it.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.AELF_E2E_PRODUCT !== undefined) return undefined
  // Always the same folder: a run that was killed left its processes' ids there, and the next run ends them.
  const dataDir = fileURLToPath(new URL('../.aelf/e2e', import.meta.url))
  const [portalPort, rpcPort, databasePort] = await Promise.all([anyPort(), anyPort(), anyPort()])
  const product = await startProduct({
    dataDir,
    fresh: true,
    portalPort,
    rpcPort,
    databasePort,
    durable: false,
    slotMs: SLOT_MS,
    log: (line) => console.log(`  ${line}`),
  })
  void product.failed.then((reason) => console.error(reason))
  const control = createServer((request, response) => {
    const part = request.url?.slice(1) ?? ''
    const work = part === 'rebuild' ? product.rebuildIndex() : product.restart(part)
    work.then(
      () => response.end('done'),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  const controlPort = await new Promise<number>((resolve) =>
    control.listen(0, '127.0.0.1', () => {
      const address = control.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )
  const { portalUrl, rpcUrl, databaseUrl } = product
  if (portalUrl === undefined) throw new Error('the product came up without its portal')
  const chainDir = `${dataDir}/chain`
  const addresses: Addresses = {
    portalUrl,
    rpcUrl,
    databaseUrl,
    chainDir,
    controlUrl: `http://127.0.0.1:${controlPort}`,
  }
  publish(addresses)
  return async () => {
    control.close()
    await product.stop()
  }
}
