import { createLogger, createLogRing, createRedactor, type RunningDaemon, startNode } from '#node'
import { type ConfigOptions, loadConfig } from '../configFile.ts'
import { printJson, printPairs, type Terminal } from '../output.ts'
import { readPassword } from '../password.ts'

/** `aelf node`: runs until interrupted, or until something ends it for good. */
export async function node(terminal: Terminal, options: ConfigOptions & { readonly json?: boolean }): Promise<void> {
  const config = await loadConfig(options)
  const mustAsk = config.producer !== undefined && config.producer.passwordFile === undefined
  const password = mustAsk ? await readPassword(terminal, {}) : undefined
  const ring = createLogRing()
  const redactor = createRedactor()
  const running = await startNode(config, {
    logger: createLogger(config.log.level, { format: config.log.format, ring, redactor }),
    ring,
    redactor,
    interrupted: terminal.interrupted,
    ...(password === undefined ? {} : { password }),
  })
  try {
    announce(terminal, running, options.json === true)
    const failure = await Promise.race([interruption(terminal.interrupted), running.failed])
    if (failure !== undefined) throw failure
  } finally {
    await running.stop()
  }
}

function interruption(interrupted: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (interrupted.aborted) resolve(undefined)
    else interrupted.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function announce(terminal: Terminal, running: RunningDaemon, json: boolean): void {
  const status = running.api.status()
  const facts = {
    network: status.network,
    genesis: status.genesisHash,
    height: status.height.toString(),
    delegate: running.delegate ?? null,
    peerId: running.peerId,
    rpc: running.rpcUrl,
    metrics: running.metricsUrl ?? null,
    listen: running.listenAddresses,
  }
  if (json) {
    printJson(terminal, facts)
    return
  }
  printPairs(
    terminal,
    Object.entries(facts).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(' ') : String(value ?? 'none'),
    ]),
  )
  terminal.out('Running. Stop with Ctrl-C.')
}
