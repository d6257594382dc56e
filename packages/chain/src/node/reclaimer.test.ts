import { describe, expect, it } from 'vitest'
import { reclaimer, setReclaimer } from '#primitives'
import { installReclaimer } from './reclaimer.ts'

describe('reclaimer', () => {
  it('behavior: what nothing holds is gone after it was told to collect', async () => {
    const before = reclaimer()
    installReclaimer()
    const held = { bytes: new Uint8Array(1000) }
    const [kept, unused] = [new WeakRef(held), new WeakRef({ bytes: new Uint8Array(1000) })]
    // Whatever a weak reference was made of stays for the turn it was made in.
    await new Promise((resolve) => setImmediate(resolve))
    reclaimer().collect()
    expect(unused.deref()).toBeUndefined()
    expect(kept.deref()).toBe(held)
    expect('gc' in globalThis).toBe(false)
    setReclaimer(before)
  })
})
