import { type DposHeaderData, decodeHeaderData, thresholdOf } from '#consensus/dpos'
import { type ProducerEntry, producersHash, type SignedHeader, verifyHeaderSignature } from '#kernel'
import { type Address, AelfError, bytesToHex, equalBytes, type Hash, ZERO_HASH } from '#primitives'
import { LightClientError } from './error.ts'

/** The one producer list that is believed for a term. */
export interface PinnedList {
  readonly chainId: number
  /** Named in the extension of every header of the network. */
  readonly genesisHash: Hash
  readonly term: number
  /** `producersHash` of the list. */
  readonly producersHash: Hash
}

export interface AnchorInput {
  readonly target: SignedHeader
  /** The headers after the target, in order, without gaps. */
  readonly descendants: readonly SignedHeader[]
  /** List of the target's term; it must have the pinned hash. */
  readonly producers: readonly ProducerEntry[]
  readonly pinned: PinnedList
}

export interface AnchorReport {
  /** Different producers of the list that signed the target or a header on top of it. */
  readonly signers: readonly Address[]
  /** ⌊2N/3⌋+1 of the list. */
  readonly needed: number
  readonly failure?: LightClientError
}

interface Link {
  readonly header: SignedHeader
  readonly data: DposHeaderData
}

const fail = (code: string, message: string, details: Readonly<Record<string, unknown>> = {}): LightClientError =>
  new LightClientError(code, message, { details })

/** Undefined when the list is a list and the pinned one. */
export function verifyPinnedList(
  producers: readonly ProducerEntry[],
  pinned: Pick<PinnedList, 'term' | 'producersHash'>,
): LightClientError | undefined {
  const different = new Set(producers.map(({ address }) => address)).size
  if (different === 0 || different !== producers.length) {
    return fail('light.list', 'a producer list has different addresses, at least one', { length: producers.length })
  }
  try {
    const hash = producersHash(producers)
    if (hash === pinned.producersHash) return undefined
    return fail('light.list', 'the producer list is not the one pinned for this term', { term: pinned.term, hash })
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    return new LightClientError('light.list', 'the producer list does not encode', { cause })
  }
}

/**
 * Checks that a header was signed by its producer and that producers of its term's list, together at least ⌊2N/3⌋+1 different
 * ones, signed it or built on it. Headers of a later term count when their producer is on this list too. The report counts
 * signers up to the first failure, so a chain that is only too short (`light.quorum`) shows how far it is.
 */
export function verifyAnchored({ target, descendants, producers, pinned }: AnchorInput): AnchorReport {
  const members = new Set(producers.map(({ address }) => address))
  const needed = thresholdOf(members.size)
  const signers = new Set<Address>()
  const report = (failure?: LightClientError): AnchorReport => ({
    signers: [...signers],
    needed,
    ...(failure === undefined ? {} : { failure }),
  })
  const listFailure = verifyPinnedList(producers, pinned)
  if (listFailure) return report(listFailure)
  let previous: Link | undefined
  for (const header of [target, ...descendants]) {
    const link = readLink(header)
    if (link instanceof LightClientError) return report(link)
    const failure = previous === undefined ? checkTarget(link, pinned) : checkStep(previous, link)
    if (failure) return report(failure)
    const isMember = members.has(header.producer)
    if (!isMember && link.data.term === pinned.term) {
      const { height, producer } = header
      return report(fail('light.producer', 'the header is not by a producer of its term', { height, producer }))
    }
    if (!isSigned(header)) {
      const { height, producer } = header
      return report(fail('light.signature', 'the header signature is not by its producer', { height, producer }))
    }
    if (isMember) signers.add(header.producer)
    previous = link
  }
  if (signers.size >= needed) return report()
  return report(fail('light.quorum', 'too few producers have built on this header', { signers: signers.size, needed }))
}

export interface TermChangeInput extends Omit<AnchorInput, 'target'> {
  /** The header that commits to the next list. */
  readonly closing: SignedHeader
  /** The list that takes over, as anybody may have sent it. */
  readonly next: readonly ProducerEntry[]
}

export interface TermChangeReport extends AnchorReport {
  /** Pin of the next term; only without a failure. */
  readonly pinned?: PinnedList
}

/**
 * Checks that the producers of a term handed over to the next list: an anchored header commits to its hash and the term really
 * changed before another commitment replaced it.
 */
export function verifyTermChange(input: TermChangeInput): TermChangeReport {
  const { closing, descendants, pinned, next } = input
  const report = verifyAnchored({ ...input, target: closing })
  if (report.failure) return report
  const committed = commitmentOf(closing)
  if (committed === ZERO_HASH) {
    return { ...report, failure: fail('light.commitment', 'the header commits to no next list') }
  }
  const listFailure = verifyPinnedList(next, { term: pinned.term + 1, producersHash: committed })
  if (listFailure) {
    return { ...report, failure: fail('light.commitment', 'the header commits to another next list', { committed }) }
  }
  for (const header of descendants) {
    const { term } = decodeHeaderData(header.consensus)
    if (term === pinned.term + 1) return { ...report, pinned: { ...pinned, term, producersHash: committed } }
    if (term > pinned.term) return { ...report, failure: fail('light.term', 'a term is missing', { term }) }
    if (commitmentOf(header) !== ZERO_HASH) {
      return { ...report, failure: fail('light.commitment', 'a later header of the term replaced this commitment') }
    }
  }
  return { ...report, failure: fail('light.unfinishedTerm', 'the term has not changed within these headers') }
}

/** Hash of the next list a header commits to, or the zero hash. Throws `dpos.malformed`. */
export function commitmentOf(header: SignedHeader): Hash {
  return decodeHeaderData(header.consensus).nextProducers
}

/** Term a header says it belongs to. Throws `dpos.malformed`. */
export function termOf(header: SignedHeader): number {
  return decodeHeaderData(header.consensus).term
}

function readLink(header: SignedHeader): Link | LightClientError {
  try {
    return { header, data: decodeHeaderData(header.consensus) }
  } catch (cause) {
    if (!(cause instanceof AelfError)) throw cause
    return new LightClientError('light.header', 'the consensus data of the header does not decode', { cause })
  }
}

function checkTarget({ header, data }: Link, pinned: PinnedList): LightClientError | undefined {
  const { chainId, extension } = header
  if (chainId !== pinned.chainId || bytesToHex(extension) !== pinned.genesisHash) {
    return fail('light.network', 'the header belongs to another network', { chainId })
  }
  if (data.term === pinned.term) return undefined
  return fail('light.term', 'the header belongs to another term than the list', { term: data.term })
}

function checkStep(before: Link, after: Link): LightClientError | undefined {
  const { height, chainId, slot, parentHash, extension } = after.header
  const follows =
    parentHash === before.header.hash &&
    height === before.header.height + 1n &&
    chainId === before.header.chainId &&
    equalBytes(extension, before.header.extension) &&
    slot > before.header.slot
  if (!follows) return fail('light.chain', 'the header does not follow the one before it', { height })
  if (after.data.term >= before.data.term) return undefined
  return fail('light.term', 'the term of the header is before that of its parent', { height, term: after.data.term })
}

function isSigned(header: SignedHeader): boolean {
  try {
    return verifyHeaderSignature(header)
  } catch (error) {
    if (error instanceof AelfError) return false
    throw error
  }
}
