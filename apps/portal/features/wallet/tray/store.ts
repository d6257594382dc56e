'use client'

import { useSyncExternalStore } from 'react'
import type { CallArguments, CallRequest } from '../port.ts'

/** How far one of the reader's own transactions has come. In order; only a block that is taken back leads back. */
export type TrayStage = 'signed' | 'accepted' | 'included' | 'five' | 'fifteen' | 'irreversible'
export const TRAY_STAGES: readonly TrayStage[] = ['signed', 'accepted', 'included', 'five', 'fifteen', 'irreversible']

export interface TrayEntry {
  /** The id once the node accepted it; until then a local key. */
  readonly key: string
  readonly id?: `0x${string}`
  readonly from: `0x${string}`
  readonly intent: string
  readonly submittedAtMs: number
  readonly stage: TrayStage
  readonly height?: string
  readonly confirmations?: number
  readonly outcome?: 'failed' | 'expired'
  readonly errorCode?: string
  readonly errorHelp?: string
  /** Kept only until the node has accepted it, so that a reload in between loses nothing. */
  readonly envelope?: `0x${string}`
  /** Block its mark refers to: 64 blocks later it can no longer be included. */
  readonly refHeight?: string
  /** What was signed, so that an expired one can be rebuilt. */
  readonly call?: StoredCall
}

/** A call as JSON keeps it: arguments as name, type and text. */
export interface StoredCall {
  readonly contract: string
  readonly method: string
  readonly args: readonly (readonly [name: string, type: string, text: string])[]
}

export const storeCall = (call: CallRequest): StoredCall => ({
  ...call,
  args: Object.entries(call.args).map(([name, value]) => [name, typeof value, String(value)]),
})

/** The call as it was, or undefined when the storage holds something else. */
export function restoreCall({ contract, method, args }: StoredCall): CallRequest | undefined {
  try {
    return {
      contract,
      method,
      args: Object.fromEntries(args.map(([name, type, text]) => [name, argumentOf(type, text)])),
    }
  } catch {
    return undefined
  }
}

function argumentOf(type: string, text: string): CallArguments[string] {
  if (type === 'bigint') return BigInt(text)
  if (type === 'number') return Number(text)
  return type === 'boolean' ? text === 'true' : text
}

const KEY = 'aelf.transactions'
const MAX_ENTRIES = 20
const NONE: readonly TrayEntry[] = []
const listeners = new Set<() => void>()
let cached: { raw: string | null; entries: readonly TrayEntry[] } = { raw: null, entries: NONE }

function read(): readonly TrayEntry[] {
  const raw = window.localStorage.getItem(KEY)
  if (raw !== cached.raw) cached = { raw, entries: parse(raw) }
  return cached.entries
}

function parse(raw: string | null): readonly TrayEntry[] {
  if (raw === null) return NONE
  try {
    const value: unknown = JSON.parse(raw)
    return Array.isArray(value) ? value.filter(isEntry) : NONE
  } catch {
    return NONE
  }
}

function isEntry(value: unknown): value is TrayEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    'intent' in value &&
    typeof value.intent === 'string' &&
    'stage' in value &&
    TRAY_STAGES.some((stage) => stage === value.stage)
  )
}

function write(entries: readonly TrayEntry[]): void {
  window.localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MAX_ENTRIES)))
  for (const listener of listeners) listener()
}

export function putEntry(entry: TrayEntry): void {
  write([entry, ...read().filter((other) => other.key !== entry.key)])
}

export function updateEntry(key: string, change: Partial<TrayEntry>): void {
  write(read().map((entry) => (entry.key === key ? { ...entry, ...change } : entry)))
}

export function removeEntry(key: string): void {
  write(read().filter((entry) => entry.key !== key))
}

export function dropEnvelope(key: string, id: `0x${string}`): void {
  write(
    read().map((entry) => {
      if (entry.key !== key) return entry
      const { envelope: _, ...rest } = entry
      return { ...rest, id, stage: 'accepted' }
    }),
  )
}

export function isSettled(entry: TrayEntry): boolean {
  return entry.outcome !== undefined || entry.stage === 'irreversible'
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** The reader's recent transactions, newest first; shared by all tabs and kept over a reload. */
export function useTray(): readonly TrayEntry[] {
  return useSyncExternalStore(subscribe, read, () => NONE)
}
