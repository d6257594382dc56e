export {
  addressAt,
  asAddress,
  asHash,
  bigintToBytes,
  bytesToAddress,
  bytesToBigint,
  bytesToHash,
  bytesToHex,
  compareBytes,
  concatBytes,
  equalBytes,
  hexAt,
  hexToBytes,
  isAddress,
  isHash,
  isHexBytes,
  putHex,
  ZERO_ADDRESS,
  ZERO_HASH,
} from './bytes.ts'
export { type Reader, type ReaderLimits, reader, type Writer, writer } from './codec.ts'
export { AelfError, type AelfErrorOptions, AssertionFailure, assert, CodecError, PrimitiveError } from './error.ts'
export {
  type HashEngine,
  hashEngineName,
  keccak256,
  resetHashEngine,
  setHashEngine,
  sha256,
  taggedHash,
  taggedHashBytes,
} from './hash.ts'
export { hashEach, hashRows, type ManyHashEngine, resetManyHashEngine, setManyHashEngine } from './hashMany.ts'
export {
  hashPairs,
  type PairHashEngine,
  pairHashEngineName,
  resetPairHashEngine,
  setPairHashEngine,
} from './hashPairs.ts'
export { filterKeyOf, IdFilter } from './idFilter.ts'
export { clampBigint, isqrt, maxBigint, minBigint, mulDiv, mulDivUp } from './integer.ts'
export {
  type CompactSignature,
  isCanonicalSignature,
  privateKeyToAddress,
  privateKeyToPublicKey,
  publicKeyToAddress,
  recoverAddress,
  resetSignatureEngine,
  type SignatureEngine,
  setSignatureEngine,
  signatureEngineName,
  signDigest,
} from './keys.ts'
export type {
  Cancel,
  Clock,
  Conduct,
  Exec,
  KeyValue,
  KvOp,
  KvRange,
  LogFields,
  Logger,
  LogRecord,
  Net,
  Reclaimer,
  RecordLog,
  RecoverJob,
  RecoverOptions,
  Rng,
  Sign,
  Verdict,
} from './ports.ts'
export { createPrng, type Prng } from './prng.ts'
export { reclaimer, setReclaimer } from './reclaimer.ts'
export { Slabs } from './slabs.ts'
export type { Address, Amount, Bytes, Hash, Hex } from './types.ts'
export { bytesToUtf8, utf8ToBytes } from './utf8.ts'
