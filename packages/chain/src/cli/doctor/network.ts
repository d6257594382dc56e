import { connect, createServer } from 'node:net'
import type { NodeConfig } from '#node'
import { type Finding, fail, ok, warn } from './finding.ts'

const CONNECT_MS = 3_000
/** Peers that are asked at a time. */
const TOGETHER = 16

interface Place {
  readonly host: string
  readonly port: number
}

/** Host and port of an address such as /ip4/192.0.2.1/tcp/6880/p2p/…; undefined for another kind. */
export function placeOf(multiaddr: string): Place | undefined {
  const match = /^\/(?:ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/([0-9]+)/.exec(multiaddr)
  return match === null ? undefined : { host: match[1] ?? '', port: Number(match[2]) }
}

/** Ports are free while the node does not run, and answer while it does. */
export async function checkPorts(config: NodeConfig, isRunning: boolean): Promise<readonly Finding[]> {
  const wanted: [string, Place | undefined][] = [
    ...config.p2p.listen.map((one): [string, Place | undefined] => ['p2p port', placeOf(one)]),
    ['rpc port', config.rpc],
    ...(config.metrics.enabled ? [['metrics port', config.metrics] as [string, Place]] : []),
  ]
  const findings: Finding[] = []
  for (const [check, place] of wanted) {
    if (place === undefined || place.port === 0) findings.push(ok(check, 'any free one'))
    else findings.push(isRunning ? await checkAnswers(check, place) : await checkFree(check, place))
  }
  return findings
}

async function checkFree(check: string, { host, port }: Place): Promise<Finding> {
  const reason = await new Promise<string | undefined>((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
  if (reason === undefined) return ok(check, `${host}:${port} is free`)
  const help =
    reason === 'EADDRINUSE' ? 'Stop what uses it, or choose another port.' : 'Choose an address of this machine.'
  return fail(check, `${host}:${port} cannot be used (${reason})`, help)
}

async function checkAnswers(check: string, { host, port }: Place): Promise<Finding> {
  const local = { host: host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host, port }
  const reason = await tryConnect(local)
  if (reason === undefined) return ok(check, `${host}:${port} answers`)
  return fail(check, `${host}:${port} does not answer (${reason})`, 'Look into the log of the node.')
}

/** Whether the peers of the configuration, and the addresses this node tells others, can be reached from here. */
export async function checkPeers({ p2p }: NodeConfig, isRunning: boolean): Promise<readonly Finding[]> {
  const findings = [await checkConfigured(p2p.peers)]
  if (isRunning && p2p.announce.length > 0) {
    const silent = await unreachable(p2p.announce)
    const help = 'Open the port in the firewall and forward it to this machine. Some routers do not answer from inside.'
    findings.push(
      silent.length === 0
        ? ok('announced address', 'answers')
        : warn('announced address', `${silent.join(', ')} cannot be reached from here`, help),
    )
  }
  return findings
}

async function checkConfigured(peers: readonly string[]): Promise<Finding> {
  if (peers.length === 0) return warn('peers', 'none configured', 'Add p2p.peers, unless this is a network of one.')
  const silent = await unreachable(peers)
  const help = 'Check the internet connection and the firewall; ask the operators of these nodes.'
  const message = `${peers.length - silent.length} of ${peers.length} reachable`
  if (silent.length === 0) return ok('peers', message)
  return silent.length < peers.length
    ? warn('peers', `${message}; not ${silent.slice(0, 3).join(', ')}`, help)
    : fail('peers', message, help)
}

async function unreachable(addresses: readonly string[]): Promise<readonly string[]> {
  const silent: string[] = []
  for (let at = 0; at < addresses.length; at += TOGETHER) {
    const some = addresses.slice(at, at + TOGETHER)
    const reasons = await Promise.all(
      some.map((one) => {
        const place = placeOf(one)
        return place === undefined ? 'unknown kind' : tryConnect(place)
      }),
    )
    silent.push(...some.filter((_, index) => reasons[index] !== undefined))
  }
  return silent
}

/** Undefined when somebody answers there, else why not. */
function tryConnect({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (reason: string | undefined): void => {
      socket.destroy()
      resolve(reason)
    }
    socket.setTimeout(CONNECT_MS, () => end('no answer'))
    socket.once('connect', () => end(undefined))
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message))
  })
}
