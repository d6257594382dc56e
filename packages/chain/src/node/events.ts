import type { Cancel, Logger } from '#primitives'
import type { NodeEvent } from './api.ts'

/** Who listens to a node. A listener that throws is an error of the listener. */
export class Events {
  private readonly handlers = new Set<(event: NodeEvent) => void>()
  private readonly logger: Logger

  constructor(logger: Logger) {
    this.logger = logger
  }

  subscribe(handler: (event: NodeEvent) => void): Cancel {
    this.handlers.add(handler)
    return () => this.handlers.delete(handler)
  }

  emit(event: NodeEvent): void {
    for (const handler of this.handlers) {
      try {
        handler(event)
      } catch (error) {
        this.logger.error('A listener failed', { kind: event.kind, reason: String(error) })
      }
    }
  }
}
