import { decodeHeaderData, encodeHeaderData } from '#consensus/dpos'
import { decodeHeaderEntry, encodeBody, encodeHeaderEntry, type HeaderEntry, signHeader } from '#kernel'
import { decodeMessage, encodeMessage, type Message } from '#p2p'
import { type Bytes, type Clock, type Net, sha256, utf8ToBytes, ZERO_HASH } from '#primitives'
import { blocksAfter, bodiesOf, headersAfter } from '#sync'
import type { Author } from './author.ts'

/** What a peer does with the honest answer to a question. */
export interface Lie {
  /** Height it claims; left out: that of its chain. */
  readonly claim?: bigint
  readonly delayMs?: number
  /** Changes header entries. */
  headers?(entries: HeaderEntry[]): HeaderEntry[]
  bodies?(bodies: readonly Bytes[]): readonly Bytes[]
  /** From which chain it answers this time. */
  chain?(question: number): Author
}

export interface ServerOptions {
  readonly name: string
  readonly clock: Clock
  readonly lie?: Lie
}

/** A peer that answers from a chain, honestly or not, and counts what it gave. */
export class Server {
  readonly asked = { headers: 0, bodies: 0, blocks: 0 }
  /** Locators and hashes it was asked with, oldest first. */
  readonly questions: Message[] = []
  private readonly net: Net
  private readonly author: Author
  private readonly options: ServerOptions

  constructor(net: Net, author: Author, options: ServerOptions) {
    this.net = net
    this.author = author
    this.options = options
    net.onMessage((peer, bytes) => {
      void this.answer(peer, decodeMessage(bytes))
      return undefined
    })
  }

  /** Says how high it is, or claims to be. */
  announce(to: string): void {
    const { height, slot, hash } = this.author.ledger.head().header
    const claim = this.options.lie?.claim
    const message: Message =
      claim === undefined
        ? { kind: 'announce', height, slot, hash }
        : { kind: 'announce', height: claim, slot, hash: `0x${'ab'.repeat(32)}` as typeof hash }
    this.net.send(to, encodeMessage(message))
  }

  private async answer(peer: string, question: Message): Promise<void> {
    const answer = await this.read(question)
    if (answer === undefined) return
    this.questions.push(question)
    const send = (): void => this.net.send(peer, encodeMessage(answer))
    const { delayMs = 0 } = this.options.lie ?? {}
    if (delayMs > 0) this.options.clock.after(delayMs, send)
    else send()
  }

  private async read(question: Message): Promise<Message | undefined> {
    const { lie } = this.options
    const { ledger } = lie?.chain?.(this.questions.length) ?? this.author
    switch (question.kind) {
      case 'getHeaders': {
        this.asked.headers += 1
        const entries = (await headersAfter(ledger, question)).map(decodeHeaderEntry)
        const headers = (lie?.headers?.(entries) ?? entries).map(encodeHeaderEntry)
        return { kind: 'headers', request: question.request, headers }
      }
      case 'getBodies': {
        this.asked.bodies += 1
        const bodies = await bodiesOf(ledger, question.hashes)
        return { kind: 'bodies', request: question.request, bodies: lie?.bodies?.(bodies) ?? bodies }
      }
      case 'getBlocks':
        this.asked.blocks += 1
        return { kind: 'blocks', request: question.request, blocks: await blocksAfter(ledger, question) }
      default:
        return undefined
    }
  }
}

const stranger = sha256(utf8ToBytes('a key nobody elected'))
const commits = ({ header }: HeaderEntry): boolean => decodeHeaderData(header.consensus).nextProducers !== ZERO_HASH

/** Every way to lie about a chain, without the keys of its producers, by name. */
export const LIES: Readonly<Record<string, Lie & { readonly blamed: boolean }>> = {
  'claims a height it does not have': { claim: 10n ** 12n, headers: () => [], blamed: true },
  'leaves a gap in its headers': { headers: (all) => all.filter((_, index) => index !== 20), blamed: false },
  'begins with a header nobody can connect': {
    headers: (all) => all.map(({ header }) => ({ header: { ...header, parentHash: header.stateRoot } })),
    blamed: true,
  },
  'changes a header under its signature': {
    headers: (all) =>
      all.map((entry, index) =>
        index === 30 ? { ...entry, header: { ...entry.header, stateRoot: ZERO_HASH } } : entry,
      ),
    blamed: true,
  },
  'signs headers with a key of its own': {
    headers: (all) => all.map(({ header, ...rest }) => ({ ...rest, header: signHeader(header, stranger) })),
    blamed: true,
  },
  'overstates the votes in a header': {
    headers: (all) =>
      all.map((entry, index) => {
        if (index !== 10) return entry
        const data = decodeHeaderData(entry.header.consensus)
        const consensus = encodeHeaderData({ ...data, prevotedHeight: data.prevotedHeight + 1n })
        return { header: signHeader({ ...entry.header, consensus }, stranger) }
      }),
    blamed: true,
  },
  'keeps back the producer list': { headers: (all) => all.map(({ header }) => ({ header })), blamed: true },
  'sends another producer list': {
    headers: (all) =>
      all.map((entry) => (commits(entry) ? { ...entry, producers: (entry.producers ?? []).slice(1) } : entry)),
    blamed: true,
  },
  'shows the same headers for ever': { headers: (all) => [...all.slice(0, 64), ...all.slice(0, 64)], blamed: false },
  'shows one header at a time': { headers: (all) => all.slice(0, 1), delayMs: 3000, blamed: true },
  'keeps back all bodies': { bodies: () => [], blamed: true },
  'gives empty bodies': { bodies: (all) => all.map(() => encodeBody([])), blamed: true },
  'gives bodies of other blocks': { bodies: (all) => [...all].reverse(), blamed: true },
  'gives bytes that are no bodies': { bodies: (all) => all.map(() => Uint8Array.of(1, 2, 3)), blamed: true },
  'gives more bodies than were asked for': { bodies: (all) => [...all, ...all, ...all].slice(0, 128), blamed: true },
  'drips one body at a time, just in time': { bodies: (all) => all.slice(0, 1), delayMs: 9000, blamed: false },
  'never answers in time': { delayMs: 30_000, blamed: true },
}
