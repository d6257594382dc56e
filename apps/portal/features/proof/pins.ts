'use client'

import type { ProofPins } from '@aelf/governance/actions'
import { useSyncExternalStore } from 'react'

const KEY = 'aelf.proof.pins'
const listeners = new Set<() => void>()
let cached: { raw: string | null; pins: ProofPins | undefined } = { raw: null, pins: undefined }

/** What this browser believes about the network; undefined before anything was proven. The worker checks its form again. */
export function readPins(): ProofPins | undefined {
  const raw = window.localStorage.getItem(KEY)
  if (raw !== cached.raw) cached = { raw, pins: parse(raw) }
  return cached.pins
}

function parse(raw: string | null): ProofPins | undefined {
  if (raw === null) return undefined
  try {
    const value: unknown = JSON.parse(raw)
    const fits =
      typeof value === 'object' &&
      value !== null &&
      'lists' in value &&
      Array.isArray(value.lists) &&
      'network' in value &&
      typeof value.network === 'string' &&
      'sinceMs' in value &&
      typeof value.sinceMs === 'number'
    return fits ? (value as ProofPins) : undefined
  } catch {
    return undefined
  }
}

/** Remembers what a proof that held has shown; undefined forgets everything. */
export function savePins(pins: ProofPins | undefined): void {
  if (pins === undefined) window.localStorage.removeItem(KEY)
  else window.localStorage.setItem(KEY, JSON.stringify(pins))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

export function usePins(): ProofPins | undefined {
  return useSyncExternalStore(subscribe, readPins, () => undefined)
}
