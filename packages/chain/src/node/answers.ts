import type { Ledger } from '#ledger'
import type { Message } from '#p2p'
import { blocksAfter, bodiesOf, headersAfter } from '#sync'

/** Questions of one peer that are answered at the same time; more are passed over. */
const MAX_ANSWERING = 4

type Question = Extract<Message, { kind: 'getBlocks' | 'getHeaders' | 'getBodies' }>

/** Answers what peers ask of the chain. */
export class Answers {
  private readonly ledger: Pick<Ledger<unknown, never>, 'head' | 'hashAt' | 'encoded'>
  private readonly send: (peer: string, message: Message) => void
  private readonly answering = new Map<string, number>()

  constructor(
    ledger: Pick<Ledger<unknown, never>, 'head' | 'hashAt' | 'encoded'>,
    send: (peer: string, message: Message) => void,
  ) {
    this.ledger = ledger
    this.send = send
  }

  async answer(peer: string, question: Question): Promise<void> {
    const busy = this.answering.get(peer) ?? 0
    if (busy >= MAX_ANSWERING) return
    this.answering.set(peer, busy + 1)
    try {
      this.send(peer, await this.read(question))
    } finally {
      const left = (this.answering.get(peer) ?? 1) - 1
      if (left > 0) this.answering.set(peer, left)
      else this.answering.delete(peer)
    }
  }

  private async read(question: Question): Promise<Message> {
    const { ledger } = this
    const { request } = question
    switch (question.kind) {
      case 'getBlocks':
        return { kind: 'blocks', request, blocks: await blocksAfter(ledger, question) }
      case 'getHeaders':
        return { kind: 'headers', request, headers: await headersAfter(ledger, question) }
      case 'getBodies':
        return { kind: 'bodies', request, bodies: await bodiesOf(ledger, question.hashes) }
    }
  }
}
