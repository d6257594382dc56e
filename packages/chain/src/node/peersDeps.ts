import type { SignedHeader, SignedTransaction } from '#kernel'
import type { ImportResult, Ledger } from '#ledger'
import type { Mempool } from '#mempool'
import type { AelfError, Bytes, Clock, Hash, Logger, Net } from '#primitives'
import type { SyncPorts } from '#sync'
import type { Decoder } from './decoder.ts'
import type { Suspicion } from './suspicion.ts'
import type { Witness } from './witness.ts'

export interface PeersOptions {
  /** Pass on what came from others; not needed where everybody hears everybody. */
  readonly relay: boolean
  /** Blocks a peer may be ahead before headers come first. */
  readonly farBlocks?: bigint
}

type LedgerReads = 'head' | 'headState' | 'finalized' | 'node' | 'hashAt' | 'encoded' | 'headersFrom'

export interface PeersDeps<S> {
  readonly net: Net
  readonly clock: Clock
  readonly logger: Logger
  readonly decoder: Decoder
  readonly engine: SyncPorts<S>['engine']
  readonly ledger: Pick<Ledger<S, never>, LedgerReads | 'importBlock' | 'importBlocks'>
  readonly mempool: Pick<Mempool, 'addAll' | 'get' | 'own'>
  readonly witness: Pick<Witness, 'saw' | 'sawLate'>
  readonly suspicion: Pick<Suspicion, 'goodMark' | 'unknownMark' | 'heardHead'>
  /** The installed bundle with a hash, for peers that ask. */
  bundle(hash: Hash): Promise<Bytes | undefined>
  checkHeader(header: SignedHeader, parent: SignedHeader): void
  nowSlot(): bigint
  slotStartMs(slot: bigint): number
  readonly signersOf: SyncPorts<S>['signersOf']
  /** Begins to find out who signed what will soon be imported. */
  ahead(transactions: readonly SignedTransaction[], height: bigint): void
  /** A block that headers prove irreversible waits for its collection. */
  lacks?(error: AelfError): void
  /** Told of every import, before the next one begins. */
  imported(result: ImportResult<S>): Promise<void>
}
