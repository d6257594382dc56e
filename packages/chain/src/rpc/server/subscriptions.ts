import type { Cancel } from '#primitives'

/** Receives the JSON text of one event. */
export type Listener = (result: string) => void

/** Fans events out: an event is turned into text once, whatever the number of listeners. */
export interface SubscriptionHub {
  subscribe(topic: string, listener: Listener): Cancel
  publish(topic: string, event: () => unknown): void
  count(): number
}

/** Builds an empty hub. */
export function createSubscriptionHub(): SubscriptionHub {
  const topics = new Map<string, Set<Listener>>()
  return {
    subscribe(topic, listener) {
      const listeners = topics.get(topic) ?? new Set<Listener>()
      topics.set(topic, listeners)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    publish(topic, event) {
      const listeners = topics.get(topic)
      if (listeners === undefined || listeners.size === 0) return
      const text = JSON.stringify(event())
      for (const listener of listeners) listener(text)
    },
    count() {
      let total = 0
      for (const listeners of topics.values()) total += listeners.size
      return total
    },
  }
}
