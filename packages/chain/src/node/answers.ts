import type { Ledger } from '#ledger'
import { MAX_BUNDLE_PART_BYTES, type Message } from '#p2p'
import type { Bytes, Hash } from '#primitives'
import { blocksAfter, bodiesOf, headersAfter } from '#sync'

/** Questions of one peer that are answered at the same time; more are passed over. */
const MAX_ANSWERING = 4

type Question = Extract<Message, { kind: 'getBlocks' | 'getHeaders' | 'getBodies' | 'getBundle' }>

interface AnswersDeps {
  readonly ledger: Pick<Ledger<unknown, never>, 'hashAt' | 'encoded' | 'headersFrom'>
  send(peer: string, message: Message): void
  /** The installed bundle with a hash. */
  bundle(hash: Hash): Promise<Bytes | undefined>
}

/** Answers what peers ask of the chain. */
export class Answers {
  private readonly deps: AnswersDeps
  /** The bundle that was asked for last. */
  private served: { readonly hash: Hash; readonly bytes: Bytes } | undefined
  private readonly answering = new Map<string, number>()

  constructor(deps: AnswersDeps) {
    this.deps = deps
  }

  async answer(peer: string, question: Question): Promise<void> {
    const busy = this.answering.get(peer) ?? 0
    if (busy >= MAX_ANSWERING) return
    this.answering.set(peer, busy + 1)
    try {
      this.deps.send(peer, await this.read(question))
    } finally {
      const left = (this.answering.get(peer) ?? 1) - 1
      if (left > 0) this.answering.set(peer, left)
      else this.answering.delete(peer)
    }
  }

  private async read(question: Question): Promise<Message> {
    const { ledger } = this.deps
    const { request } = question
    switch (question.kind) {
      case 'getBlocks':
        return { kind: 'blocks', request, blocks: await blocksAfter(ledger, question) }
      case 'getHeaders':
        return { kind: 'headers', request, headers: await headersAfter(ledger, question) }
      case 'getBodies':
        return { kind: 'bodies', request, bodies: await bodiesOf(ledger, question.hashes) }
      case 'getBundle':
        return this.partOf(question)
    }
  }

  private async partOf({ request, hash, part }: Extract<Question, { kind: 'getBundle' }>): Promise<Message> {
    // Everybody asks for the same one at the same time, part by part.
    const known = this.served?.hash === hash ? this.served.bytes : await this.deps.bundle(hash)
    if (known !== undefined) this.served = { hash, bytes: known }
    const bytes = known ?? new Uint8Array(0)
    const at = part * MAX_BUNDLE_PART_BYTES
    return { kind: 'bundle', request, size: bytes.length, part: bytes.subarray(at, at + MAX_BUNDLE_PART_BYTES) }
  }
}
