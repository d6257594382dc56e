import {
  decodeHeader,
  decodeProducers,
  encodeProducers,
  type ProducerEntry,
  producersHash,
  type SignedHeader,
} from '@aelf/chain/kernel'
import {
  LightClientError,
  type PinnedList,
  termOf,
  verifyAnchored,
  verifyHeader,
  verifyTermChange,
} from '@aelf/chain/lightclient'
import { AelfError, asHash, bytesToHex, hexToBytes } from '@aelf/chain/primitives'
import { BaseError } from './errors.ts'
import { type ProofBundle, type ProofPins, readProofBundle, type TermList } from './getProofBundle.ts'
import { type ProvenFact, type SubjectReport, verifySubject } from './verifyProofSubject.ts'

/**
 * `verified` holds and equals what was said; `conflict` holds and differs; `waiting` holds so far, but too few producers have
 * built on the block yet; `refused` does not hold.
 */
export type ProofVerdict = 'verified' | 'conflict' | 'waiting' | 'refused'

/** `pinned` known before; `followed` by commitments from a pinned list; `first` taken from this proof; `older` taken too, though newer lists are pinned. */
export type ListTrust = 'pinned' | 'followed' | 'first' | 'older'

export type ProofStepId = 'network' | 'value' | 'signature' | 'list' | 'burial'

export interface ProofStep {
  readonly id: ProofStepId
  readonly state: 'done' | 'failed' | 'waiting' | 'open'
}

export interface ProofDifference {
  readonly name: string
  readonly said: string
  readonly proven: string | undefined
}

export interface ProofReport {
  readonly verdict: ProofVerdict
  /** Why it was refused, such as `light.signature`. */
  readonly code?: string
  readonly message?: string
  readonly steps: readonly ProofStep[]
  readonly facts: readonly ProvenFact[]
  readonly differences: readonly ProofDifference[]
  /** Hashes between the value and the header. */
  readonly hashes: number
  readonly height?: bigint
  readonly slot?: bigint
  readonly blockHash?: string
  readonly producer?: string
  readonly term?: number
  readonly trust?: ListTrust
  /** Producers that signed the block or built on it. */
  readonly signers: number
  readonly needed: number
  readonly producers: number
  /** What to believe from now on; only when the proof holds. */
  readonly pins?: ProofPins
}

export interface VerifyProofOptions {
  readonly pins?: ProofPins | undefined
  /** What a server says, by name of the fact; a fact that is not proven counts as a difference. */
  readonly said?: Readonly<Record<string, string>> | undefined
  /** Milliseconds since the epoch, noted when something is pinned. */
  readonly nowMs?: number
}

const STEPS: readonly ProofStepId[] = ['network', 'value', 'signature', 'list', 'burial']
const KEPT_LISTS = 4

interface Progress {
  readonly passed: ProofStepId[]
  report: Partial<ProofReport>
}

/**
 * Checks a bundle from anywhere, offline: value under the header's root, signature, producer list against the pins, burial under
 * headers of ⌊2N/3⌋+1 producers, and then what a server said against what was proven. Never throws: whatever does not hold is a
 * report with the verdict `refused` and a code.
 */
export function verifyProof(given: unknown, options: VerifyProofOptions = {}): ProofReport {
  const progress: Progress = { passed: [], report: {} }
  try {
    return check(readProofBundle(given), options, progress)
  } catch (error) {
    const { code, message } = refusalOf(error)
    const at = STEPS[progress.passed.length]
    return finish(progress, { verdict: 'refused', code, message }, (id) => (id === at ? 'failed' : 'open'))
  }
}

function check(bundle: ProofBundle, options: VerifyProofOptions, progress: Progress): ProofReport {
  const { pins, said = {}, nowMs = 0 } = options
  const header = decodeHeader(hexToBytes(bundle.header))
  const { height, slot, hash: blockHash, producer } = header
  progress.report = { height, slot, blockHash, producer }
  checkNetwork(bundle, header, pins)
  progress.passed.push('network')

  const subject = verifySubject(bundle, header)
  progress.report = { ...progress.report, hashes: subject.hashes }
  if (subject.failure) throw subject.failure
  progress.report = { ...progress.report, facts: subject.facts, differences: differencesOf(subject, said) }
  progress.passed.push('value')

  if (height === 0n) {
    progress.passed.push('signature', 'list', 'burial')
    return conclude(progress, pinsAfter(bundle, pins, [], nowMs))
  }
  return checkTrust(bundle, { header, pins, nowMs }, progress)
}

interface TrustInput {
  readonly header: SignedHeader
  readonly pins: ProofPins | undefined
  readonly nowMs: number
}

function checkTrust(bundle: ProofBundle, { header, pins, nowMs }: TrustInput, progress: Progress): ProofReport {
  const term = termOf(header)
  progress.report = { ...progress.report, term }
  const claimed = believed(bundle.lists, pins?.lists).get(term)
  if (claimed === undefined)
    throw new LightClientError('light.list', 'the producers of the term are not part of the proof')
  const unsigned = verifyHeader(header, { producers: claimed.map(({ address }) => address) })
  if (unsigned) throw unsigned
  progress.passed.push('signature')

  const { list, trust, keep } = trustedList(bundle, term, pins)
  progress.report = { ...progress.report, trust, producers: list.length }
  progress.passed.push('list')

  const descendants = bundle.descendants.map((raw) => decodeHeader(hexToBytes(raw)))
  const pinned = pinOf(bundle, term, list)
  const { signers, needed, failure } = verifyAnchored({ target: header, descendants, producers: list, pinned })
  progress.report = { ...progress.report, signers: signers.length, needed }
  if (failure?.code === 'light.quorum') {
    return finish(progress, { verdict: 'waiting', code: failure.code, message: failure.message }, () => 'waiting')
  }
  if (failure) throw failure
  progress.passed.push('burial')
  return conclude(progress, pinsAfter(bundle, pins, keep, nowMs))
}

function checkNetwork(bundle: ProofBundle, header: SignedHeader, pins: ProofPins | undefined): void {
  const isSame = pins === undefined || (pins.genesisHash === bundle.genesisHash && pins.chainId === bundle.chainId)
  if (!isSame) throw new LightClientError('light.network', 'the proof is from another network than the pinned one')
  const names = header.height === 0n ? header.hash : bytesToHex(header.extension)
  if (header.chainId === bundle.chainId && names === bundle.genesisHash) return
  throw new LightClientError('light.network', 'the header belongs to another network')
}

const pinOf = (bundle: ProofBundle, term: number, list: readonly ProducerEntry[]): PinnedList => ({
  chainId: bundle.chainId,
  genesisHash: asHash(bundle.genesisHash),
  term,
  producersHash: producersHash(list),
})

/** Lists by term; a pinned one takes the place of a sent one. */
function believed(sent: readonly TermList[], pinned: readonly TermList[] = []): Map<number, readonly ProducerEntry[]> {
  return new Map([...sent, ...pinned].map(({ term, producers }) => [term, decodeProducers(hexToBytes(producers))]))
}

interface TrustedList {
  readonly list: readonly ProducerEntry[]
  readonly trust: ListTrust
  /** Lists to pin. */
  readonly keep: readonly TermList[]
}

const encoded = (term: number, list: readonly ProducerEntry[]): TermList => ({
  term,
  producers: bytesToHex(encodeProducers(list)),
})

/** The list of a term, and why it is believed. */
function trustedList(bundle: ProofBundle, term: number, pins: ProofPins | undefined): TrustedList {
  const lists = believed(bundle.lists, pins?.lists)
  const terms = (pins?.lists ?? []).map((list) => list.term)
  const start = Math.max(...terms.filter((pinned) => pinned <= term))
  const at = (wanted: number): readonly ProducerEntry[] => {
    const list = lists.get(wanted)
    if (list !== undefined) return list
    throw new LightClientError('light.list', 'the producers of a term are not part of the proof', {
      details: { term: wanted },
    })
  }
  if (start === term) return { list: at(term), trust: 'pinned', keep: [] }
  if (!Number.isFinite(start)) {
    const isFirst = terms.length === 0
    return { list: at(term), trust: isFirst ? 'first' : 'older', keep: isFirst ? [encoded(term, at(term))] : [] }
  }
  const keep: TermList[] = []
  for (let ending = start; ending < term; ending++) {
    const change = bundle.changes.find((candidate) => candidate.term === ending)
    if (change === undefined) {
      throw new LightClientError('light.list', 'the change of producers is not part of the proof', {
        details: { ending },
      })
    }
    const { failure } = verifyTermChange({
      closing: decodeHeader(hexToBytes(change.closing)),
      descendants: change.descendants.map((raw) => decodeHeader(hexToBytes(raw))),
      producers: at(ending),
      pinned: pinOf(bundle, ending, at(ending)),
      next: at(ending + 1),
    })
    if (failure) throw failure
    keep.push(encoded(ending + 1, at(ending + 1)))
  }
  return { list: at(term), trust: 'followed', keep }
}

function pinsAfter(
  bundle: ProofBundle,
  pins: ProofPins | undefined,
  keep: readonly TermList[],
  nowMs: number,
): ProofPins {
  const { network, genesisHash, chainId } = bundle
  const lists = [...(pins?.lists ?? []), ...keep].toSorted((a, b) => a.term - b.term).slice(-KEPT_LISTS)
  return { ...(pins ?? { network, genesisHash, chainId, sinceMs: nowMs }), lists }
}

function differencesOf({ facts }: SubjectReport, said: Readonly<Record<string, string>>): ProofDifference[] {
  return Object.entries(said).flatMap(([name, value]) => {
    const proven = facts.find((fact) => fact.name === name)?.value
    return proven === value ? [] : [{ name, said: value, proven }]
  })
}

function conclude(progress: Progress, pins: ProofPins): ProofReport {
  const differs = (progress.report.differences ?? []).length > 0
  return finish(progress, { verdict: differs ? 'conflict' : 'verified', pins }, () => 'open')
}

function finish(
  { passed, report }: Progress,
  outcome: Pick<ProofReport, 'verdict' | 'code' | 'message' | 'pins'>,
  rest: (id: ProofStepId) => ProofStep['state'],
): ProofReport {
  const steps = STEPS.map((id): ProofStep => ({ id, state: passed.includes(id) ? 'done' : rest(id) }))
  const empty = { facts: [], differences: [], hashes: 0, signers: 0, needed: 0, producers: 0 }
  return { ...empty, ...report, ...outcome, steps }
}

function refusalOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AelfError || error instanceof BaseError) return { code: error.code, message: error.message }
  // Bytes of a stranger: an unforeseen way to be wrong is still only wrong.
  return { code: 'proof.malformed', message: error instanceof Error ? error.message : String(error) }
}
