import { describe, expect, test } from 'vitest'
import { bundleHash, MAX_BUNDLE_BYTES } from '#collection'
import { MAX_BUNDLE_MESSAGE_BYTES, MAX_BUNDLE_PART_BYTES, type Message } from '#p2p'
import type { Bytes, Hash, Logger } from '#primitives'
import { Timeline } from '#testing'
import { BundleFetch } from './bundleFetch.ts'

type Answer = Omit<Extract<Message, { kind: 'bundle' }>, 'kind' | 'request'>
/** What a peer says to a question for a part; undefined: nothing. */
type Peer = (part: number) => Answer | undefined

const LENGTH = 2 * MAX_BUNDLE_PART_BYTES + 7
const bundle = new Uint8Array(LENGTH).map((_, at) => (at * 31) & 255)
const hash = bundleHash(bundle)
const partOf = (bytes: Bytes, part: number): Answer => {
  const at = part * MAX_BUNDLE_PART_BYTES
  return { size: bytes.length, part: bytes.subarray(at, at + MAX_BUNDLE_PART_BYTES) }
}
const honest: Peer = (part) => partOf(bundle, part)
const hasNone: Peer = () => ({ size: 0, part: new Uint8Array(0) })
const silent: Peer = () => undefined

/** A fetcher among such peers; time passes by itself while it waits. */
function among(peers: Readonly<Record<string, Peer>>) {
  const clock = new Timeline({ startMs: 0 })
  const judged: string[] = []
  const asked: string[] = []
  const quiet: Logger['info'] = () => undefined
  const fetcher = new BundleFetch({
    clock,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    peers: () => Object.keys(peers),
    judge: (peer, conduct) => judged.push(`${peer} ${conduct}`),
    send(peer, message) {
      if (message.kind !== 'getBundle') throw new Error('only bundles are asked for')
      asked.push(peer)
      const answer = peers[peer]?.(message.part)
      if (answer === undefined) return
      clock.after(10, () => fetcher.take(peer, { kind: 'bundle', request: message.request, ...answer }))
    },
  })
  /** The hash of what came, and how long it took. */
  const fetch = async (): Promise<{ found: Hash | undefined; ms: number }> => {
    const began = clock.now()
    let done = false
    const found = fetcher.fetch(hash).finally(() => {
      done = true
    })
    for (let steps = 0; !done && steps < 1000; steps += 1) await clock.runUntil(clock.now() + 100)
    const bytes = await found
    return { found: bytes === undefined ? undefined : bundleHash(bytes), ms: clock.now() - began }
  }
  return { fetch, fetcher, judged, asked, clock }
}

describe('a bundle from peers', () => {
  test('default: it comes in parts from whoever has it', async () => {
    const { fetch, judged } = among({ poor: hasNone, rich: honest })
    expect((await fetch()).found).toBe(hash)
    expect(judged).toEqual([])
    expect(MAX_BUNDLE_MESSAGE_BYTES).toBe(MAX_BUNDLE_BYTES)
  })

  const changed = bundle.slice()
  changed[LENGTH - 1] = 1
  test.each<[string, Peer]>([
    ['other bytes of the same length', (part) => partOf(changed, part)],
    ['another bundle', (part) => partOf(Uint8Array.of(1, 2, 3), part)],
    ['parts that are too short', (part) => ({ ...partOf(bundle, part), part: bundle.subarray(0, 5) })],
    ['another size with each part', (part) => ({ ...partOf(bundle, part), size: LENGTH + part })],
    ['an end that is not there', () => ({ size: 5, part: bundle.subarray(0, 4) })],
  ])('behavior: who gives %s is judged, and the honest peer is asked', async (_what, liar) => {
    const { fetch, judged } = among({ liar, poor: hasNone, deaf: silent, rich: honest })
    expect((await fetch()).found).toBe(hash)
    expect(judged).toContain('liar invalid')
    expect(judged.filter((one) => one.startsWith('rich') || one.startsWith('poor'))).toEqual([])
  })

  test('behavior: many silent peers cost a bounded time, and the next attempt begins with others', async () => {
    const crowd = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`deaf${at}`, silent]))
    const { fetch, clock, asked } = among({ ...crowd, rich: honest })
    const first = await fetch()
    expect(first.found).toBeUndefined()
    expect(first.ms).toBeLessThanOrEqual(36_000)
    // Nobody is asked again at once.
    const before = asked.length
    expect(await fetch()).toMatchObject({ found: undefined })
    expect(asked).toHaveLength(before)
    let found: Hash | undefined
    for (let attempts = 0; found === undefined && attempts < 12; attempts += 1) {
      await clock.runUntil(clock.now() + 5000)
      found = (await fetch()).found
    }
    expect(found).toBe(hash)
  })

  test('behavior: nobody has it, nobody is there, somebody leaves, it is stopped', async () => {
    expect((await among({ poor: hasNone }).fetch()).found).toBeUndefined()
    expect(await among({}).fetch()).toMatchObject({ found: undefined })
    const { fetcher, clock } = among({ deaf: silent })
    const left = fetcher.fetch(hash)
    fetcher.left('deaf')
    await expect(left).resolves.toBeUndefined()
    await clock.runUntil(clock.now() + 5000)
    const waiting = fetcher.fetch(hash)
    fetcher.stop()
    await expect(waiting).resolves.toBeUndefined()
  })

  test('behavior: answers nobody asked for, or of another peer, count for nothing', async () => {
    const { fetcher, fetch, judged } = among({ rich: honest })
    fetcher.take('stranger', { kind: 'bundle', request: 1, ...partOf(changed, 0) })
    const asking = fetch()
    fetcher.take('stranger', { kind: 'bundle', request: 1, ...partOf(changed, 0) })
    expect((await asking).found).toBe(hash)
    expect(judged).toEqual([])
  })
})
