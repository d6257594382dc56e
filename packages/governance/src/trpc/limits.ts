const KEYS_MAX = 10_000
const MINUTE_MS = 60_000

/** Counts attempts: a bucket a key, refilled evenly. In memory, so each process has its own. */
export interface Limiter {
  /** False when the key has used up its share of the last minute. */
  take(key: string, perMinute: number): boolean
}

interface Bucket {
  level: number
  atMs: number
}

export function createLimiter(now: () => number): Limiter {
  const buckets = new Map<string, Bucket>()
  return {
    take: (key, perMinute) => {
      const at = now()
      const bucket = buckets.get(key) ?? { level: perMinute, atMs: at }
      bucket.level = Math.min(perMinute, bucket.level + ((at - bucket.atMs) * perMinute) / MINUTE_MS)
      bucket.atMs = at
      buckets.delete(key)
      buckets.set(key, bucket)
      const [oldest] = buckets.keys()
      if (buckets.size > KEYS_MAX && oldest !== undefined) buckets.delete(oldest)
      if (bucket.level < 1) return false
      bucket.level -= 1
      return true
    },
  }
}
