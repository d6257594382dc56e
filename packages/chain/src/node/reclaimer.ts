import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setReclaimer } from '#primitives'

/** The engine's own collection, which it shows to contexts that are made while a flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  try {
    return runInNewContext('gc') as () => void
  } finally {
    setFlagsFromString('--no-expose-gc')
  }
}

/** Memory outside the collector's sight is given back when it finds that nothing holds the object it belongs to. */
export function installReclaimer(): void {
  const registry = new FinalizationRegistry<() => void>((forget) => forget())
  setReclaimer({
    watch: (held, forget) => registry.register(held, forget, held),
    unwatch: (held) => registry.unregister(held),
    // A tidy process does not stay for it.
    later: (run) => setImmediate(run).unref(),
    collect: () => collector()(),
  })
}
