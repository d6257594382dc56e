const ENTRIES_MAX = 256

/** Remembers answers, and shares the work between callers that ask at the same time. */
export interface Memory {
  /** `key` names the answer and whatever it depends on, for instance the head hash. */
  remember<T>(key: string, ttlMs: number, work: () => Promise<T>): Promise<T>
}

interface Entry {
  readonly until: number
  readonly value: Promise<unknown>
}

export function createMemory(now: () => number): Memory {
  const entries = new Map<string, Entry>()
  return {
    remember<T>(key: string, ttlMs: number, work: () => Promise<T>): Promise<T> {
      const found = entries.get(key)
      // Every key is always used with the same kind of work.
      if (found !== undefined && found.until > now()) return found.value as Promise<T>
      const value = work()
      entries.delete(key)
      entries.set(key, { until: now() + ttlMs, value })
      value.catch(() => entries.delete(key))
      const [oldest] = entries.keys()
      if (entries.size > ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
      return value
    },
  }
}
