import { setReclaimer } from '#primitives'

/** Memory outside the collector's sight is given back when it finds that nothing holds the object it belongs to. */
export function installReclaimer(): void {
  const registry = new FinalizationRegistry<() => void>((forget) => forget())
  setReclaimer({
    watch: (held, forget) => registry.register(held, forget, held),
    unwatch: (held) => registry.unregister(held),
    // A tidy process does not stay for it.
    later: (run) => setImmediate(run).unref(),
  })
}
