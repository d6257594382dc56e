import { createContext, Script } from 'node:vm'
import type { Collection } from '#contracts/runtime'
import * as runtime from '#contracts/runtime'
import * as kernel from '#kernel'
import type { Bytes, Hash } from '#primitives'
import * as primitives from '#primitives'
import { auditCode } from './audit.ts'
import { type Bundle, bundleHash, decodeBundle } from './bundle.ts'
import { CollectionError } from './error.ts'
import { LOAD_TIMEOUT_MS } from './limits.ts'

const DOORS: ReadonlyMap<string, object> = new Map<string, object>([
  ['#primitives', primitives],
  ['#kernel', kernel],
  ['#contracts/runtime', runtime],
])

/** Runs first in the new context: takes away what the audit forbids, and fixes what stays. */
const PRELUDE = `'use strict';
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!KEPT.includes(name)) delete globalThis[name];
}
for (const made of [Object, Array, Map, Set, String, Number, BigInt, Boolean, Uint8Array, Function.prototype.constructor]) {
  Object.freeze(made); Object.freeze(made.prototype);
}
Object.freeze(Object.getPrototypeOf(Uint8Array.prototype));
for (const list of [[], new Map(), new Set(), '']) Object.freeze(Object.getPrototypeOf(list[Symbol.iterator]()));
`
const KEPT: readonly string[] = [
  'Array', 'BigInt', 'Boolean', 'Map', 'Number', 'Object', 'Set', 'String', 'Uint8Array', 'undefined', 'Function', 'Symbol',
  'globalThis', 'Infinity', 'NaN', 'Error', 'TypeError', 'RangeError',
] // biome-ignore format: one list

/** What a loaded bundle is. */
export interface LoadedBundle {
  readonly hash: Hash
  readonly bundle: Bundle
  readonly collection: Collection
}

function run(code: string): Collection {
  let provided: unknown
  const context = createContext(Object.create(null) as object, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: 'afterEvaluate',
  })
  const evaluate = (text: string): unknown => new Script(text).runInContext(context, { timeout: LOAD_TIMEOUT_MS })
  evaluate(PRELUDE.replace('KEPT', () => JSON.stringify(KEPT)))
  const wrapped = evaluate(`(function (require, provide) {'use strict';${code}\n})`) as (...given: unknown[]) => void
  Object.assign(context, {
    run: () =>
      wrapped(
        (door: string) => {
          const found = DOORS.get(door)
          if (found === undefined) throw new CollectionError('collection.load', `there is no door ${door}`)
          return found
        },
        (given: unknown) => {
          provided = given
        },
      ),
  })
  // Called from inside, so that the time limit holds for it as well.
  evaluate('run()')
  delete (context as { run?: unknown }).run
  if (typeof provided !== 'object' || provided === null || !('contracts' in provided)) {
    throw new CollectionError('collection.load', 'the code provides no collection')
  }
  return provided as Collection
}

/** Audits a bundle and makes its code ready. Throws `collection.*`; `collection.hash` when it is not the expected one. */
export function loadBundle(bytes: Bytes, expected?: Hash): LoadedBundle {
  const hash = bundleHash(bytes)
  if (expected !== undefined && hash !== expected) {
    throw new CollectionError('collection.hash', `the bundle is ${hash}, expected ${expected}`, { details: { hash } })
  }
  const bundle = decodeBundle(bytes)
  auditCode(bundle.code)
  try {
    return { hash, bundle, collection: { ...run(bundle.code), params: bundle.params } }
  } catch (cause) {
    if (cause instanceof CollectionError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CollectionError('collection.load', `the code cannot be loaded: ${reason}`, { cause })
  }
}

/** What clients need to know of the contracts of a bundle. */
export const describeBundle = ({ collection }: LoadedBundle): readonly runtime.ContractDescriptor[] =>
  collection.contracts.map(runtime.describeContract)
