import type { Bytes, Cancel, Clock, Logger, Net, Verdict } from '#primitives'
import { MAX_VALIDATION_BYTES, MAX_VALIDATIONS, VALIDATION_MS } from './limits.ts'

type Handler = Parameters<Net['onMessage']>[0]

/** Asks whoever listens what becomes of a message, within bounds of time and number. */
export class Verdicts {
  private readonly handlers = new Set<Handler>()
  /** Resolves when somebody listens: a node is still being put together when its first peers come. */
  private readonly listening: Promise<void>
  private begin: () => void = () => undefined
  private readonly clock: Clock
  private readonly logger: Logger
  private readonly dropped: (reason: 'busy' | 'late') => void
  private count = 0
  private bytes = 0

  constructor(clock: Clock, logger: Logger, dropped: (reason: 'busy' | 'late') => void) {
    this.clock = clock
    this.logger = logger
    this.dropped = dropped
    this.listening = new Promise((resolve) => {
      this.begin = resolve
    })
  }

  listen(handler: Handler): Cancel {
    this.handlers.add(handler)
    this.begin()
    return () => this.handlers.delete(handler)
  }

  /** One rejection rejects, one acceptance accepts; no answer in time is none. */
  async ask(peer: string, message: Bytes): Promise<Verdict> {
    if (this.count >= MAX_VALIDATIONS || this.bytes + message.length > MAX_VALIDATION_BYTES) {
      this.dropped('busy')
      return 'ignore'
    }
    this.count += 1
    this.bytes += message.length
    const answers = this.listening.then(() =>
      Promise.all([...this.handlers].map(async (handler) => handler(peer, message))),
    )
    const settled = answers.then(
      (verdicts) => (['reject', 'accept'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'ignore',
      (error: unknown): Verdict => {
        this.logger.error('A message could not be handled', { peer, reason: String(error) })
        return 'ignore'
      },
    )
    // What is still being judged counts, also when nobody waits for it any more.
    const counted = settled.finally(() => {
      this.count -= 1
      this.bytes -= message.length
    })
    return this.inTime(counted)
  }

  private inTime(verdict: Promise<Verdict>): Promise<Verdict> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(VALIDATION_MS, () => {
        this.dropped('late')
        resolve('ignore')
      })
      verdict.then((given) => {
        cancel()
        resolve(given)
      })
    })
  }
}
