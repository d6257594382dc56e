import { Cursor, type HexText, tagged, toHex } from './bytes.ts'

export interface OracleHeader {
  readonly chainId: number
  readonly height: number
  readonly parent: HexText
  readonly slot: number
  readonly producer: HexText
  readonly transactionRoot: HexText
  readonly receiptRoot: HexText
  readonly stateRoot: HexText
  readonly indexRoot: HexText
  readonly signal: HexText
  readonly consensus: ConsensusData
  readonly extension: Buffer
  readonly hash: HexText
  /** r, s and v. */
  readonly signature: HexText
}

export interface ConsensusData {
  readonly round: number
  readonly term: number
  readonly reveal: HexText
  readonly prevoted: number
  readonly generated: number
  readonly nextProducers: HexText
  readonly evicted: readonly HexText[]
}

export interface OracleTransaction {
  readonly id: HexText
  readonly from: HexText
  readonly contract: HexText
  readonly method: number
  readonly args: Buffer
  readonly refHeight: number
  readonly refHash: HexText
  readonly feeLimit: bigint
  readonly signature: HexText
  readonly bytes: Buffer
}

export interface OracleBlock {
  readonly header: OracleHeader
  readonly transactions: readonly OracleTransaction[]
}

function readConsensus(bytes: Buffer): ConsensusData {
  const input = new Cursor(bytes)
  const round = input.int(8)
  const term = input.int(4)
  const reveal = input.hex(32)
  const prevoted = input.int(8)
  const generated = input.int(8)
  const nextProducers = input.hex(32)
  const evicted = Array.from({ length: input.int(1) }, () => input.hex(20))
  input.end()
  return { round, term, reveal, prevoted, generated, nextProducers, evicted }
}

/** Signed header at the start of some bytes; genesis headers carry other consensus bytes and are not read here. */
function readHeader(bytes: Uint8Array): { header: OracleHeader; rest: Uint8Array } {
  const input = new Cursor(bytes)
  if (input.int(1) !== 1) throw new Error('header version')
  const fields = {
    chainId: input.int(4),
    height: input.int(8),
    parent: input.hex(32),
    slot: input.int(8),
    producer: input.hex(20),
    transactionRoot: input.hex(32),
    receiptRoot: input.hex(32),
    stateRoot: input.hex(32),
    indexRoot: input.hex(32),
    signal: input.hex(32),
  }
  const consensus = readConsensus(input.lengthed())
  const extension = input.lengthed()
  const hash = tagged('aelf/header/1', bytes.subarray(0, input.position())).toString('hex')
  const signature = input.hex(65)
  return { header: { ...fields, consensus, extension, hash, signature }, rest: bytes.subarray(input.position()) }
}

function readTransaction(bytes: Buffer): OracleTransaction {
  const input = new Cursor(bytes)
  if (input.int(1) !== 1) throw new Error('transaction version')
  input.take(8)
  const from = input.hex(20)
  const contract = input.hex(20)
  const method = input.int(2)
  const args = input.lengthed()
  const refHeight = input.int(8)
  const refHash = input.hex(8)
  const feeLimit = input.uint(16)
  input.take(8)
  const id = toHex(tagged('aelf/tx/1', bytes.subarray(0, input.position())))
  if (input.int(1) !== 0) throw new Error('authorisation kind')
  const signature = input.hex(input.int(2))
  input.end()
  return { id, from, contract, method, args, refHeight, refHash, feeLimit, signature, bytes }
}

export function readSignedHeader(bytes: Uint8Array): OracleHeader {
  const { header, rest } = readHeader(bytes)
  if (rest.length !== 0) throw new Error('bytes after the header')
  return header
}

/** SPEC BLK-ENC-1. */
export function readBlock(bytes: Uint8Array): OracleBlock {
  const { header, rest } = readHeader(bytes)
  const input = new Cursor(rest)
  const count = input.int(4)
  const transactions = Array.from({ length: count }, () => readTransaction(input.lengthed()))
  input.end()
  return { header, transactions }
}
