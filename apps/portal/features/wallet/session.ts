'use client'

import { useSyncExternalStore } from 'react'

/** Which account the reader acts for. Holds no key and no wallet object, so every page can read it for free. */
export interface Session {
  readonly address: `0x${string}`
  /** Name of the wallet or of the demo account. */
  readonly label: string
  readonly kind: 'wallet' | 'demo'
  /** EIP-6963 identifier of the wallet, to find it again after a reload. */
  readonly walletId?: string
}

const KEY = 'aelf.session'
const listeners = new Set<() => void>()
let cached: { raw: string | null; session: Session | undefined } = { raw: null, session: undefined }

function read(): Session | undefined {
  const raw = window.localStorage.getItem(KEY)
  if (raw !== cached.raw) cached = { raw, session: parse(raw) }
  return cached.session
}

function parse(raw: string | null): Session | undefined {
  if (raw === null) return undefined
  try {
    const value: unknown = JSON.parse(raw)
    return isSession(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSession(value: unknown): value is Session {
  return (
    typeof value === 'object' &&
    value !== null &&
    'address' in value &&
    typeof value.address === 'string' &&
    /^0x[0-9a-f]{40}$/.test(value.address) &&
    'label' in value &&
    typeof value.label === 'string' &&
    'kind' in value &&
    (value.kind === 'wallet' || value.kind === 'demo')
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** The session outside of rendering; in the browser only. */
export const currentSession = (): Session | undefined => read()

/** The current session; undefined on the server, while hydrating, and when nobody is connected. */
export function useSession(): Session | undefined {
  return useSyncExternalStore(subscribe, read, () => undefined)
}

export function saveSession(session: Session | undefined): void {
  if (session === undefined) window.localStorage.removeItem(KEY)
  else window.localStorage.setItem(KEY, JSON.stringify(session))
  for (const listener of listeners) listener()
}

const connectListeners = new Set<() => void>()

/** Any control may ask for the connect dialog; the one in the frame opens. */
export function requestConnect(): void {
  for (const listener of connectListeners) listener()
}

export function onConnectRequest(listener: () => void): () => void {
  connectListeners.add(listener)
  return () => connectListeners.delete(listener)
}
