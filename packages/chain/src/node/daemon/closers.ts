import type { Logger } from '#primitives'

/** Ends what was opened, in reverse order, once. What fails to end is logged and does not keep the rest from ending. */
export class Closers {
  private readonly logger: Logger
  private readonly open: { readonly what: string; readonly close: () => Promise<void> }[] = []
  private done: Promise<void> | undefined

  constructor(logger: Logger) {
    this.logger = logger
  }

  add(what: string, close: () => Promise<void>): void {
    this.open.push({ what, close })
  }

  close(): Promise<void> {
    this.done ??= this.closeAll()
    return this.done
  }

  private async closeAll(): Promise<void> {
    for (const { what, close } of this.open.reverse()) {
      const began = performance.now()
      try {
        await close()
        this.logger.debug('Ended', { what, ms: Math.round(performance.now() - began) })
      } catch (error) {
        this.logger.warn('Something did not end in order', { what, reason: String(error) })
      }
    }
  }
}
