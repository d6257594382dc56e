import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { createEra, declaredBy, mainCollection } from '#chains'
import { loadBundle } from '#collection'
import type { Registry } from '#contracts/runtime'
import { type LaneServerOptions, serveLanes } from '#executor/workers'
import type { Hash } from '#primitives'
import { installEngines } from './engines.ts'
import type { LaneSetup } from './executing.ts'
import { createLogger } from './logger.ts'

/*
 * The program of a thread that executes parts of blocks: it has the same contracts as the node that began it, the built-in ones or those
 * of an installed bundle.
 */

const { memory, lane, setup } = workerData as Pick<LaneServerOptions, 'memory' | 'lane'> & { readonly setup: LaneSetup }

function open(era: Hash): Registry | undefined {
  const { builtIn, params, bundleFolder } = setup
  if (era === builtIn) return createEra(era, mainCollection, params).registry
  if (bundleFolder === undefined) return undefined
  const path = join(bundleFolder, `${era}.bundle`)
  if (!existsSync(path)) return undefined
  const { collection } = loadBundle(new Uint8Array(readFileSync(path)), era)
  return createEra(era, collection, declaredBy(collection, params)).registry
}

const known = new Map<Hash, Registry>()

function registryOf(era: Hash): Registry | undefined {
  const found = known.get(era) ?? open(era)
  // One for each collection that the chain ever ran with.
  if (found !== undefined) known.set(era, found)
  return found
}

// What is missing on this machine the node has said itself.
installEngines(createLogger('silent'))
if (parentPort !== null) serveLanes(parentPort, { memory, lane, registryOf })
