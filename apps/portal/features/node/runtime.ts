import { createRpcClient } from '@aelf/chain/rpc'
import {
  BaseError,
  getNodeInfo,
  getOperatorLogs,
  getOperatorStatus,
  pair,
  requestPairing,
  toBaseError,
  unpair,
} from '@aelf/governance/actions'
import type {
  LogLevel,
  OperatorChallenge,
  OperatorLogLine,
  OperatorNodeInfo,
  OperatorPairing,
  OperatorStatus,
} from '@aelf/governance/domain'

const ANSWER_MS = 8_000
const PROBE_MS = 4_000

/** Why the console cannot go on; `kind` decides what the page offers. */
export interface NodeFailure {
  readonly kind: 'unreachable' | 'origin' | 'network' | 'version' | 'refused' | 'expired' | 'other'
  readonly title: string
  readonly help: string
  readonly code: string
}

/** One node, spoken to from this browser and by nobody else. */
export interface NodeLine {
  info(genesisHash: `0x${string}` | undefined): Promise<OperatorNodeInfo>
  challenge(address: `0x${string}`): Promise<OperatorChallenge>
  pair(challenge: OperatorChallenge, signature: `0x${string}`): Promise<OperatorPairing>
  status(token: string): Promise<OperatorStatus>
  logs(token: string, level: LogLevel, limit: number): Promise<readonly OperatorLogLine[]>
  unpair(token: string): Promise<void>
  failureOf(error: unknown): Promise<NodeFailure>
}

export function openNode(url: string): NodeLine {
  const client = createRpcClient({ url, retries: 0, timeoutMs: ANSWER_MS })
  return {
    info: (genesisHash) => getNodeInfo(client, { genesisHash }),
    challenge: (address) => requestPairing(client, { address }),
    pair: (challenge, signature) => pair(client, { challenge, signature }),
    status: (token) => getOperatorStatus(client, { token }),
    logs: (token, level, limit) => getOperatorLogs(client, { token, level, limit }),
    unpair: (token) => unpair(client, { token }),
    failureOf: (error) => failureOf(error, url),
  }
}

/** Browsers do not say whether nobody answered or this page may not read the answer: a request that reads nothing tells. */
async function somebodyAnswers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/health`, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(PROBE_MS) })
    return true
  } catch {
    return false
  }
}

const KINDS: Readonly<Record<string, NodeFailure['kind']>> = {
  'operator.wrongNetwork': 'network',
  'rpc.methodNotFound': 'version',
  'rpc.originRefused': 'origin',
  'operator.notOperator': 'refused',
  'operator.tokenUnknown': 'expired',
}

async function failureOf(error: unknown, url: string): Promise<NodeFailure> {
  const known = error instanceof BaseError ? error : toBaseError(error)
  const { code, shortMessage: title, help } = known
  if (code === 'client.unreachable' || code === 'rpc.unreachable' || code === 'client.timeout') {
    return (await somebodyAnswers(url))
      ? { kind: 'origin', title: 'The node answers, but not to this page.', help: '', code: 'rpc.originRefused' }
      : { kind: 'unreachable', title: 'Nothing answers at this address.', help: '', code }
  }
  if (code === 'rpc.methodNotFound')
    return {
      kind: 'version',
      title: 'This node has no operator console.',
      help: 'Update the node, then connect again.',
      code,
    }
  return { kind: KINDS[code] ?? 'other', title, help, code }
}
