import {
  encodeArgs,
  type FieldValues,
  type MethodDescriptor,
  renderIntent,
  typedData,
  type UnsignedTransaction,
} from '@aelf/chain/kernel'
import { findMethod } from '@aelf/chain/metadata'
import { asAddress, type Hex } from '@aelf/chain/primitives'
import type { Address, Amount } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'
import { simulateCall } from './simulateCall.ts'

/** One contract method with named arguments: what a transaction does. */
export interface Call {
  readonly contract: string
  readonly method: string
  readonly args: FieldValues
}

export type TransactionTypedData = ReturnType<typeof typedData>

export interface PrepareTransactionParameters {
  readonly from: Address
  readonly call: Call
  /** Chain the wallet is on. */
  readonly walletChainId: bigint
  /** Most to pay; by default the estimate and half of it again. */
  readonly feeLimit?: Amount
}

export interface PreparedTransaction {
  readonly transaction: UnsignedTransaction
  readonly typedData: TransactionTypedData
  /** The sentence that the wallet shows. */
  readonly intent: string
  /** Estimated fee in the smallest unit of ELF. */
  readonly fee: Amount
}

/** Blocks behind the head that a mark points to: deep enough to survive most reorganisations of the tip. */
const MARK_DEPTH = 2n

/**
 * Builds the bytes and the typed data of a call: fresh mark, fee limit and nonce. Asks the node to try the call first, so a
 * call that would fail is refused here with the contract's own code and sentence, before any wallet opens.
 */
export async function prepareTransaction(
  client: AelfClient,
  parameters: PrepareTransactionParameters,
): Promise<PreparedTransaction> {
  const { from, call, walletChainId } = parameters
  const [method, info, simulation] = await Promise.all([
    methodOf(client, call),
    chainInfo(client),
    simulateCall(client, { from, call }),
  ])
  if (simulation.error) {
    throw new BaseError('The chain would refuse this.', { code: simulation.error.code, help: simulation.error.help })
  }
  const head = BigInt(info.height)
  const refHeight = head > MARK_DEPTH ? head - MARK_DEPTH : 0n
  const mark = await client.request('aelf_getHeader', [refHeight.toString()]).catch((error: unknown) => {
    throw toBaseError(error)
  })
  const transaction: UnsignedTransaction = {
    version: 1,
    walletChainId,
    from: asAddress(from),
    contract: method.contractAddress,
    method: method.number,
    args: encodeArgs(method.abi, call.args),
    refHeight,
    refHash: mark.hash.slice(0, 18) as Hex,
    feeLimit: parameters.feeLimit ?? simulation.fee + simulation.fee / 2n,
    nonce: randomNonce(),
  }
  const network = { name: info.network, genesisHash: info.genesisHash }
  return {
    transaction,
    typedData: typedData(transaction, method, network),
    intent: renderIntent(method, call.args),
    fee: simulation.fee,
  }
}

/**
 * The method as the collection that runs has it, or as this release has it where the node does not say. A node that says it falsely
 * gains nothing: the sentence and the types are part of what is signed, and the chain recovers another signer from its own.
 */
async function methodOf(client: AelfClient, call: Call): Promise<MethodDescriptor> {
  const contracts = await client.request('aelf_getMetadata').then(
    (metadata) => metadata.contracts,
    () => undefined,
  )
  const running = contracts?.find(({ name, address }) => name === call.contract || address === call.contract)
  const method =
    contracts === undefined
      ? findMethod(call.contract, call.method)
      : running?.methods.find(({ name }) => name === call.method)
  if (method === undefined) {
    throw new BaseError(`There is no method ${call.contract}.${call.method}.`, {
      code: 'contract.unknownMethod',
      help: 'The contracts that run have none of that name; the contract page lists every method.',
    })
  }
  return method
}

async function chainInfo(client: AelfClient) {
  try {
    return await client.request('aelf_chainInfo')
  } catch (error) {
    throw toBaseError(error)
  }
}

function randomNonce(): Hex {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(8))
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
