import { encodeTransaction, type SignedTransaction } from '@aelf/chain/kernel'
import { bytesToHex } from '@aelf/chain/primitives'
import type { Amount, Hash, Hex } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError, UserRejectedError, WalletError } from './errors.ts'
import { type Call, type PreparedTransaction, prepareTransaction } from './prepareTransaction.ts'
import type { TransactionSigner } from './signer.ts'
import { type SettledTransaction, type WaitForTransactionParameters, waitForTransaction } from './waitForTransaction.ts'

/** What happened so far: shown while the person waits. */
export type SendStage =
  | { readonly stage: 'prepared'; readonly prepared: PreparedTransaction }
  | { readonly stage: 'signed'; readonly envelope: Hex }
  | { readonly stage: 'accepted'; readonly id: Hash }

export interface SendCallParameters {
  readonly signer: TransactionSigner
  readonly call: Call
  readonly feeLimit?: Amount
  readonly onStage?: (stage: SendStage) => void
}

export type SendCallSyncParameters = SendCallParameters & Omit<WaitForTransactionParameters, 'id'>

/** Prepares, has signed and sends a call. Returns the transaction id once the node holds it on disk. */
export async function sendCall(client: AelfClient, parameters: SendCallParameters): Promise<Hash> {
  const { signer, call, feeLimit, onStage } = parameters
  const walletChainId = await signer.walletChainId()
  const prepared = await prepareTransaction(client, {
    from: signer.address,
    call,
    walletChainId,
    ...(feeLimit === undefined ? {} : { feeLimit }),
  })
  onStage?.({ stage: 'prepared', prepared })
  const envelope = await sign(signer, prepared)
  onStage?.({ stage: 'signed', envelope })
  const id = await sendEnvelope(client, envelope)
  onStage?.({ stage: 'accepted', id })
  return id
}

/** `sendCall`, then waits until the transaction settled as asked. Throws the receipt's error when it failed. */
export async function sendCallSync(
  client: AelfClient,
  parameters: SendCallSyncParameters,
): Promise<SettledTransaction> {
  const id = await sendCall(client, parameters)
  const { until, timeoutMs, pollingIntervalMs, signal } = parameters
  return waitForTransaction(client, {
    id,
    ...(until === undefined ? {} : { until }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(pollingIntervalMs === undefined ? {} : { pollingIntervalMs }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/** Hands encoded signed bytes to the node. Sending the same bytes twice is harmless. */
export async function sendEnvelope(client: AelfClient, envelope: Hex): Promise<Hash> {
  try {
    return (await client.request('aelf_sendTransaction', [envelope])).id
  } catch (error) {
    throw toBaseError(error)
  }
}

async function sign(signer: TransactionSigner, prepared: PreparedTransaction): Promise<Hex> {
  let signature: Hex
  try {
    signature = await signer.signTypedData(prepared.typedData)
  } catch (error) {
    throw walletFailure(error)
  }
  const signed: SignedTransaction = {
    ...prepared.transaction,
    authorization: { kind: 0, signature: normalSignature(signature) },
  }
  return bytesToHex(encodeTransaction(signed))
}

/** Some wallets answer v as 0 or 1; the chain has one encoding, 27 or 28. */
function normalSignature(signature: Hex): Hex {
  const lower = signature.toLowerCase()
  if (!/^0x[0-9a-f]{130}$/.test(lower)) {
    throw new WalletError('The answer is not a 65-byte signature; smart-contract wallets cannot sign for this chain.')
  }
  const v = Number.parseInt(lower.slice(130), 16)
  return `0x${lower.slice(2, 130)}${(v < 27 ? v + 27 : v).toString(16)}`
}

const USER_REJECTED = 4001

function walletFailure(error: unknown): BaseError {
  if (error instanceof BaseError) return error
  let current: unknown = error
  for (let depth = 0; depth < 16 && current instanceof Error; depth++) {
    if ('code' in current && current.code === USER_REJECTED) return new UserRejectedError(error)
    if (current.name === 'UserRejectedRequestError') return new UserRejectedError(error)
    current = current.cause
  }
  return new WalletError(error instanceof Error ? error.message : String(error), error)
}
