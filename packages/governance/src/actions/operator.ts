import type { Requester } from '@aelf/chain/rpc'
import type {
  Address,
  Hash,
  Hex,
  LogLevel,
  OperatorChallenge,
  OperatorLogLine,
  OperatorNodeInfo,
  OperatorPairing,
  OperatorStatus,
} from '#domain'
import { BaseError, toBaseError } from './errors.ts'

/** What a delegate asks of its own node; `createRpcClient` with the node's address is one. */
export type OperatorClient = Pick<Requester, 'raw'>

const MESSAGE_MAX = 2_000
/** The first line of every Sign-In with Ethereum message. */
const SIGN_IN = /wants you to sign in with your Ethereum account/i

async function ask<T>(client: OperatorClient, method: string, params: readonly unknown[]): Promise<T> {
  try {
    // The node is the operator's own, of a version that says what it is; a field it lacks is shown as missing.
    return (await client.raw(method, params)) as T
  } catch (error) {
    throw toBaseError(error)
  }
}

export interface GetNodeInfoParameters {
  /** Genesis hash of the network the reader means; another one is refused. */
  readonly genesisHash?: Hash | undefined
}

/** What node answers at an address. Throws `operator.wrongNetwork` when it belongs to another network. */
export async function getNodeInfo(
  client: OperatorClient,
  { genesisHash }: GetNodeInfoParameters = {},
): Promise<OperatorNodeInfo> {
  const info = await ask<OperatorNodeInfo>(client, 'aelf_nodeInfo', [])
  if (genesisHash !== undefined && info.genesisHash !== genesisHash)
    throw new BaseError(`This node is on another network: ${info.network}.`, {
      code: 'operator.wrongNetwork',
      help: 'Check the address, or open the portal of that network.',
      details: { expected: genesisHash, found: info.genesisHash, network: info.network },
    })
  return info
}

export interface RequestPairingParameters {
  readonly address: Address
}

/** The text a node wants to have signed. Throws `operator.strangeChallenge` for a text that could mean something else. */
export async function requestPairing(
  client: OperatorClient,
  { address }: RequestPairingParameters,
): Promise<OperatorChallenge> {
  const challenge = await ask<OperatorChallenge>(client, 'aelf_operatorChallenge', [address])
  // An address typed wrongly may lead to somebody's server: what it asks to have signed must be good for nothing else.
  const { message, nonce } = challenge
  const isOurs =
    typeof message === 'string' &&
    message.length <= MESSAGE_MAX &&
    message.includes(nonce) &&
    message.toLowerCase().includes(address) &&
    !SIGN_IN.test(message)
  if (!isOurs)
    throw new BaseError('The node asks for a signature that is not about pairing.', {
      code: 'operator.strangeChallenge',
      help: 'Nothing was signed. Check that the address is that of your own node.',
    })
  return challenge
}

export interface PairParameters {
  readonly challenge: OperatorChallenge
  readonly signature: Hex
}

/** Gives the signature for permission to look at the node. */
export function pair(client: OperatorClient, { challenge, signature }: PairParameters): Promise<OperatorPairing> {
  return ask(client, 'aelf_operatorPair', [challenge.nonce, signature])
}

export interface TokenParameters {
  readonly token: string
}

export function getOperatorStatus(client: OperatorClient, { token }: TokenParameters): Promise<OperatorStatus> {
  return ask(client, 'aelf_operatorStatus', [token])
}

export interface GetOperatorLogsParameters extends TokenParameters {
  readonly limit: number
  /** This level and worse ones. */
  readonly level: LogLevel
}

export function getOperatorLogs(
  client: OperatorClient,
  { token, limit, level }: GetOperatorLogsParameters,
): Promise<readonly OperatorLogLine[]> {
  return ask(client, 'aelf_operatorLogs', [token, { limit, level }])
}

/** Ends the permission on the node itself. */
export async function unpair(client: OperatorClient, { token }: TokenParameters): Promise<void> {
  await ask(client, 'aelf_operatorUnpair', [token])
}
