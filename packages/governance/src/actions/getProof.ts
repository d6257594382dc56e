import { decodeHeader, encodeProducers, type SignedHeader } from '@aelf/chain/kernel'
import { commitmentOf, termOf } from '@aelf/chain/lightclient'
import { asAddress, asHash, bytesToHex, hexToBytes, ZERO_HASH } from '@aelf/chain/primitives'
import type { ChainInfo } from '@aelf/chain/rpc'
import type { Hash, Hex } from '#domain'
import type { AelfClient } from './client.ts'
import { BaseError, toBaseError } from './errors.ts'
import { PROOF_FORMAT, type ProofBundle, type ProofPins, type TermChange, type TermList } from './getProofBundle.ts'

export interface GetStateProofParameters {
  readonly contract: string
  readonly item: string
  readonly key: readonly string[]
  /** Height; the newest irreversible block when left out. The node keeps the states of its last 1,024 heights. */
  readonly at?: bigint
  /** What is believed already; decides which changes of producers are fetched. */
  readonly pins?: ProofPins
}

export interface GetTransactionProofParameters {
  readonly id: Hash
  readonly pins?: ProofPins
}

export interface GetHeaderProofParameters {
  readonly height: bigint
  readonly pins?: ProofPins
}

type Fact = Pick<ProofBundle, 'subject' | 'header' | 'state' | 'transaction'>

const AT_ONCE = 12
/** Rounds after a header in which enough producers must appear; finality takes two to four. */
const ROUNDS_AFTER = 5
const MAX_TERMS_BACK = 64

/** One value of the chain's state, or its absence, with everything needed to check it. Checks nothing itself. Throws `BaseError`. */
export function getStateProof(client: AelfClient, parameters: GetStateProofParameters): Promise<ProofBundle> {
  const { contract, item, key, at, pins } = parameters
  return gather(client, pins, async (info) => {
    const height = at ?? BigInt(info.finalizedHeight)
    const answer = await client.request('aelf_getProof', [contract, item, [...key], { at: height.toString() }])
    return {
      subject: { kind: 'state', contract, item, key: [...key], height: height.toString() },
      header: answer.header,
      state: { value: answer.value, proof: answer.proof },
    }
  })
}

/** An included transaction and its receipt with everything needed to check them. Throws `BaseError`, also while it is pending. */
export function getTransactionProof(
  client: AelfClient,
  parameters: GetTransactionProofParameters,
): Promise<ProofBundle> {
  const { id, pins } = parameters
  return gather(client, pins, async () => {
    const answer = await client.request('aelf_getTransactionProof', [id])
    const { envelope, transactionProof: proof, receipt, receiptProof } = answer
    return {
      subject: { kind: 'transaction', id },
      header: answer.header,
      transaction: { envelope, proof, receipt, receiptProof },
    }
  })
}

/** A block's header with everything needed to check it. Throws `BaseError`. */
export function getHeaderProof(client: AelfClient, parameters: GetHeaderProofParameters): Promise<ProofBundle> {
  const { height, pins } = parameters
  return gather(client, pins, async () => {
    const answer = await client.request('aelf_getHeader', [height.toString()])
    return { subject: { kind: 'header', height: height.toString() }, header: answer.raw }
  })
}

async function gather(
  client: AelfClient,
  pins: ProofPins | undefined,
  ask: (info: ChainInfo) => Promise<Fact>,
): Promise<ProofBundle> {
  try {
    const info = await client.request('aelf_chainInfo')
    const fact = await ask(info)
    const { network, genesisHash, chainId } = info
    const start = { format: PROOF_FORMAT, network, genesisHash, chainId, ...fact } as const
    const header = decodeHeader(hexToBytes(fact.header))
    if (header.height === 0n) return { ...start, descendants: [], lists: [], changes: [] }
    const term = termOf(header)
    const from = startTerm(term, pins)
    const lists = await fetchLists(client, from, term)
    const producers = listOf(lists, term)
    const descendants = await fetchDescendants(client, header, producers)
    const changes: TermChange[] = []
    for (let ending = from; ending < term; ending++)
      changes.push(await fetchChange(client, ending, listOf(lists, ending)))
    return { ...start, descendants, lists: lists.map(({ encoded }) => encoded), changes }
  } catch (error) {
    throw toBaseError(error)
  }
}

/** The newest pinned term that the target's list can be followed from; the target's own when there is none. */
function startTerm(term: number, pins: ProofPins | undefined): number {
  const known = (pins?.lists ?? []).map((list) => list.term).filter((pinned) => pinned <= term)
  const newest = Math.max(...known)
  if (known.length === 0 || newest === term) return term
  if (term - newest <= MAX_TERMS_BACK) return newest
  throw new BaseError(`This browser last checked term ${newest}; the chain is in term ${term}.`, {
    code: 'proof.pinTooOld',
    help: 'Forget what is pinned and begin anew.',
  })
}

interface FetchedList {
  readonly encoded: TermList
  readonly addresses: readonly string[]
  readonly startHeight: bigint
}

function fetchLists(client: AelfClient, from: number, to: number): Promise<readonly FetchedList[]> {
  const terms = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  return Promise.all(terms.map((term) => fetchList(client, term)))
}

async function fetchList(client: AelfClient, term: number): Promise<FetchedList> {
  const { producers, commitments, startHeight } = await client.request('aelf_getTerm', [term])
  if (commitments === undefined || commitments.length !== producers.length) {
    throw new BaseError(`The node no longer has the whole list of term ${term}.`, {
      code: 'proof.noList',
      help: 'Ask another node.',
    })
  }
  const entries = producers.map((address, index) => ({
    address: asAddress(address),
    commitment: asHash(commitments[index] ?? ''),
  }))
  const encoded = { term, producers: bytesToHex(encodeProducers(entries)) }
  return { encoded, addresses: entries.map(({ address }) => address), startHeight: BigInt(startHeight) }
}

function listOf(lists: readonly FetchedList[], term: number): FetchedList {
  const found = lists.find(({ encoded }) => encoded.term === term)
  if (found === undefined)
    throw new BaseError('A list is missing.', { code: 'proof.noList', help: 'Ask another node.' })
  return found
}

async function fetchHeaders(client: AelfClient, from: bigint, count: number): Promise<readonly Hex[]> {
  const heights = Array.from({ length: count }, (_, index) => from + BigInt(index))
  const answers = await Promise.all(heights.map((height) => client.request('aelf_getHeader', [height.toString()])))
  return answers.map(({ raw }) => raw)
}

/** The headers after `header`, up to the one with which enough producers of the list have signed, or to the head. */
async function fetchDescendants(
  client: AelfClient,
  header: SignedHeader,
  list: FetchedList,
  isEnough: (headers: readonly SignedHeader[]) => boolean = () => true,
): Promise<readonly Hex[]> {
  const members = new Set<string>(list.addresses)
  const needed = Math.floor((members.size * 2) / 3) + 1
  const most = (members.size + 1) * ROUNDS_AFTER
  const head = BigInt((await client.request('aelf_chainInfo')).height)
  const signers = new Set<string>([header.producer])
  const found: Hex[] = []
  const seen: SignedHeader[] = []
  while (found.length < most) {
    const next = header.height + 1n + BigInt(found.length)
    if (next > head) break
    const left = Number(head - next) + 1
    for (const raw of await fetchHeaders(client, next, Math.min(AT_ONCE, left, most - found.length))) {
      if (signers.size >= needed && isEnough(seen)) return found
      const after = decodeHeader(hexToBytes(raw))
      found.push(raw)
      seen.push(after)
      if (members.has(after.producer)) signers.add(after.producer)
    }
    if (signers.size >= needed && isEnough(seen)) return found
  }
  return found
}

/** Walks back from the first block of the next term to the newest header of the old one that commits to a list. */
async function fetchChange(client: AelfClient, ending: number, list: FetchedList): Promise<TermChange> {
  const first = (await fetchList(client, ending + 1)).startHeight
  const most = BigInt(list.addresses.length + 1)
  const lowest = first > most ? first - most : 1n
  for (let top = first - 1n; top >= lowest; top -= BigInt(AT_ONCE)) {
    const from = top - BigInt(AT_ONCE - 1) > lowest ? top - BigInt(AT_ONCE - 1) : lowest
    const raws = await fetchHeaders(client, from, Number(top - from) + 1)
    for (const raw of raws.toReversed()) {
      const header = decodeHeader(hexToBytes(raw))
      if (commitmentOf(header) === ZERO_HASH) continue
      const changed = (headers: readonly SignedHeader[]): boolean => headers.some((after) => termOf(after) > ending)
      return { term: ending, closing: raw, descendants: await fetchDescendants(client, header, list, changed) }
    }
  }
  throw new BaseError(`The end of term ${ending} was not found.`, { code: 'proof.noChange', help: 'Ask another node.' })
}
