/** One kind of refusal: its JSON-RPC number, its stable name and what the caller can do next. */
export interface RpcErrorKind {
  readonly number: number
  readonly message: string
  readonly help: string
  /** True when the same call may succeed later without any change. */
  readonly retryable: boolean
}

const kind = (number: number, message: string, help: string, retryable = false): RpcErrorKind => ({
  number,
  message,
  help,
  retryable,
})

/** Stable name of an error of this interface. */
export type RpcErrorCode =
  | 'rpc.parse'
  | 'rpc.invalidRequest'
  | 'rpc.methodNotFound'
  | 'rpc.invalidParams'
  | 'rpc.internal'
  | 'rpc.bodyTooLarge'
  | 'rpc.batchTooLarge'
  | 'rpc.nestedTooDeep'
  | 'rpc.responseTooLarge'
  | 'rpc.tooBusy'
  | 'rpc.timeout'
  | 'rpc.notDevnet'
  | 'rpc.needsWebSocket'
  | 'rpc.subscriptionLimit'
  | 'rpc.subscriptionUnknown'
  | 'rpc.originRefused'
  | 'rpc.hostRefused'
  | 'rpc.httpMethod'
  | 'rpc.notReady'
  | 'rpc.notSupported'
  | 'block.notFound'
  | 'state.unavailable'
  | 'contract.unknown'
  | 'contract.unknownMethod'
  | 'contract.invalidArguments'
  | 'contract.viewFailed'
  | 'round.notFound'
  | 'term.notFound'
  | 'proof.unavailable'
  | 'operator.unavailable'
  | 'operator.notOperator'
  | 'operator.nonceUnknown'
  | 'operator.signature'
  | 'operator.tokenUnknown'
  | 'operator.tooMany'
  | 'tx.malformed'
  | 'tx.tooLarge'
  | 'tx.unknownMethod'
  | 'tx.malformedArguments'
  | 'tx.markExpired'
  | 'tx.markUnknown'
  | 'tx.replay'
  | 'tx.signatureMalformed'
  | 'tx.signatureMismatch'
  | 'tx.feeLimitTooLow'
  | 'tx.balanceTooLow'
  | 'tx.poolFull'
  | 'tx.refused'
  | 'tx.accountLimit'
  | 'tx.notDurable'
  | 'tx.rejected'
  | 'node.suspended'

/**
 * The closed list of errors this interface answers with. Names are stable; numbers are never reused.
 * Numbers at or below -32000 speak about the message, 1000 and above about the chain.
 */
export const rpcErrors: Readonly<Record<RpcErrorCode, RpcErrorKind>> = {
  'rpc.parse': kind(-32700, 'The message is not JSON', 'Send one JSON object or an array of them, encoded as UTF-8.'),
  'rpc.invalidRequest': kind(
    -32600,
    'The message is not a JSON-RPC 2.0 call',
    'Send {"jsonrpc":"2.0","id":1,"method":"aelf_chainInfo","params":[]}.',
  ),
  'rpc.methodNotFound': kind(
    -32601,
    'There is no such method',
    'Check the spelling; the README of the package lists every method.',
  ),
  'rpc.invalidParams': kind(
    -32602,
    'A parameter is not valid',
    'Correct the parameter named in `field` and send the call again.',
  ),
  'rpc.internal': kind(
    -32603,
    'The node failed while answering',
    'Try again; if it persists, look into the log of the node.',
    true,
  ),
  'rpc.bodyTooLarge': kind(-32001, 'The message is too large', 'Send at most 1 MiB; split a batch into smaller ones.'),
  'rpc.batchTooLarge': kind(-32002, 'The batch holds too many calls', 'Send at most 100 calls in one batch.'),
  'rpc.nestedTooDeep': kind(
    -32003,
    'The message is nested too deeply',
    'No call needs more than 16 levels of arrays and objects.',
  ),
  'rpc.responseTooLarge': kind(-32004, 'The answer is too large', 'Ask for fewer blocks or fewer calls at once.'),
  'rpc.tooBusy': kind(-32005, 'The node is answering too many calls', 'Wait a second and send the call again.', true),
  'rpc.timeout': kind(-32006, 'The call took too long', 'Try again, or ask for less at once.', true),
  'rpc.notDevnet': kind(
    -32007,
    'Only a development network answers this method',
    'Start one with `aelf devnet` and use its address.',
  ),
  'rpc.needsWebSocket': kind(
    -32008,
    'Subscriptions need a WebSocket',
    'Open a WebSocket on the same port and subscribe there.',
  ),
  'rpc.subscriptionLimit': kind(
    -32009,
    'This connection has too many subscriptions',
    'End one with aelf_unsubscribe, or open another connection.',
  ),
  'rpc.subscriptionUnknown': kind(
    -32010,
    'This connection has no such subscription',
    'Use the identifier that aelf_subscribe answered on this connection.',
  ),
  'rpc.originRefused': kind(
    -32011,
    'This web page may not use this method',
    'Serve the page from this machine, or run the command line tool.',
  ),
  'rpc.hostRefused': kind(
    -32012,
    'The node does not answer under this host name',
    'Use the IP address, or start the node with this host name allowed.',
  ),
  'rpc.httpMethod': kind(-32013, 'Only POST carries calls', 'POST the call to /, or GET /health or /ready.'),
  'rpc.notReady': kind(-32014, 'The node is starting or catching up', 'Wait until GET /ready answers 200.', true),
  'rpc.notSupported': kind(-32015, 'This chain has no such thing', 'See `details` for what to use instead.'),
  'block.notFound': kind(
    1001,
    'There is no such block',
    'Ask for a height up to the head, or for "latest", "finalized" or "genesis".',
  ),
  'state.unavailable': kind(
    1002,
    'The state at this height is not kept',
    'Ask for a height among the last 1024, or leave `at` out.',
    true,
  ),
  'contract.unknown': kind(1003, 'There is no such contract', 'aelf_getMetadata lists the contracts.'),
  'contract.unknownMethod': kind(
    1004,
    'The contract has no such method or view',
    'aelf_getMetadata lists methods and views.',
  ),
  'contract.invalidArguments': kind(
    1005,
    'The arguments do not fit the method',
    'Send every argument of the signature under its own name, and no others.',
  ),
  'contract.viewFailed': kind(1006, 'The view refused the arguments', 'See `details` for the reason.'),
  'round.notFound': kind(1007, 'There is no such round', 'Ask for a round up to the current one, or for "latest".'),
  'term.notFound': kind(1008, 'There is no such term', 'Ask for a term up to the current one, or for "latest".'),
  'proof.unavailable': kind(
    1009,
    'There is no such proof',
    'Only included transactions and kept heights can be proven.',
  ),
  'operator.unavailable': kind(1200, 'This server is no node with an operator', 'Ask the node itself.'),
  'operator.notOperator': kind(
    1201,
    'This account does not operate the node',
    "Sign with the delegate's account, or add the account to `rpc.operators` of the node.",
  ),
  'operator.nonceUnknown': kind(
    1202,
    'There is no such challenge, or it was used or has expired',
    'Ask for another one with aelf_operatorChallenge.',
  ),
  'operator.signature': kind(
    1203,
    'The signature does not belong to the account that asked',
    'Sign the whole message with `personal_sign` and the account it names.',
  ),
  'operator.tokenUnknown': kind(1204, 'There is no such pairing, or it has expired', 'Pair with the node again.'),
  'operator.tooMany': kind(1205, 'Too many challenges or pairings', 'Wait a minute, or end a pairing.', true),
  'tx.malformed': kind(
    1100,
    'The transaction cannot be decoded',
    'Encode it with the package; there is one encoding per transaction.',
  ),
  'tx.tooLarge': kind(1101, 'The transaction is too large', 'A transaction has at most 131,072 bytes.'),
  'tx.unknownMethod': kind(
    1102,
    'The transaction names an unknown contract or method',
    'Take contract and method from aelf_getMetadata.',
  ),
  'tx.malformedArguments': kind(
    1103,
    'The arguments of the transaction do not decode',
    'Encode the arguments by the signature of the method.',
  ),
  'tx.markExpired': kind(
    1104,
    'The block the transaction refers to is too old',
    'Rebuild the transaction with the current head and sign it again.',
  ),
  'tx.markUnknown': kind(
    1105,
    'The block the transaction refers to is not on this chain',
    'Check the network, rebuild the transaction with the current head and sign it again.',
    true,
  ),
  'tx.replay': kind(1106, 'The transaction is already in a block', 'Nothing to do: look it up by its id.'),
  'tx.signatureMalformed': kind(
    1107,
    'The signature is not a canonical secp256k1 signature',
    'Send 65 bytes: r, s in the lower half of the order, v 27 or 28.',
  ),
  'tx.signatureMismatch': kind(
    1108,
    'The signature does not belong to the sender',
    'Sign with the account in `from`, for this network and these exact values.',
  ),
  'tx.feeLimitTooLow': kind(
    1109,
    'The fee limit is below the fee',
    'Raise `feeLimit` to the amount of aelf_estimateFee and sign again.',
  ),
  'tx.balanceTooLow': kind(1110, 'The sender cannot pay the fee', 'Send ELF to the account first.'),
  'tx.poolFull': kind(1111, 'The waiting room is full of better paying transactions', 'Try again later.', true),
  'tx.refused': kind(1112, 'The contract refuses the transaction', 'See `details.error` and its help.'),
  'tx.accountLimit': kind(
    1114,
    'The sender has too many waiting transactions',
    'Wait until some are in a block.',
    true,
  ),
  'tx.notDurable': kind(
    1115,
    'The node could not write the transaction to its disk',
    'Send it again, or to another node.',
    true,
  ),
  'node.suspended': kind(
    1116,
    'The node may be on a fork and accepts no transactions',
    'Send it to another node, or again in a few minutes.',
    true,
  ),
  'tx.rejected': kind(1113, 'The transaction was not accepted', 'See `details` for the reason.'),
}

/** What travels in `error` of a JSON-RPC answer. */
export interface RpcErrorObject {
  readonly code: number
  readonly message: string
  readonly data: {
    readonly code: string
    readonly help: string
    readonly retryable: boolean
    /** Path of the parameter at fault, such as `params[1].transactions`. */
    readonly field?: string
    readonly details?: unknown
  }
}

/** True when the name is in the catalogue. */
export const isRpcErrorCode = (code: string): code is RpcErrorCode => Object.hasOwn(rpcErrors, code)

/** Builds the wire form of an error of the catalogue. */
export function rpcErrorObject(
  code: RpcErrorCode,
  extra: { message?: string; help?: string; field?: string; details?: unknown; retryable?: boolean } = {},
): RpcErrorObject {
  const found = rpcErrors[code]
  return {
    code: found.number,
    message: extra.message ?? found.message,
    data: {
      code,
      help: extra.help ?? found.help,
      retryable: extra.retryable ?? found.retryable,
      ...(extra.field === undefined ? {} : { field: extra.field }),
      ...(extra.details === undefined ? {} : { details: extra.details }),
    },
  }
}
