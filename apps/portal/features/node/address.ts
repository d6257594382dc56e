import type { OperatorPairing } from '@aelf/governance/domain'

const ADDRESS_KEY = 'aelf.node.address'
const PAIRING_KEY = 'aelf.node.pairing'
const ADDRESS_MAX = 300
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** A node's address as this page can call it, or why it cannot. */
export type NodeAddress = { readonly ok: true; readonly url: string } | { readonly ok: false; readonly problem: string }

/** Reads what was typed: `localhost:8545` is enough. `pageProtocol` is that of this page, since browsers keep secure pages from plain addresses. */
export function readNodeAddress(text: string, pageProtocol: string): NodeAddress {
  const typed = text.trim()
  if (typed === '') return { ok: false, problem: 'Type the address of your node’s RPC, such as http://127.0.0.1:8545.' }
  const candidate = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`
  const url = typed.length <= ADDRESS_MAX && URL.canParse(candidate) ? new URL(candidate) : undefined
  if (url === undefined || url.hostname === '') return { ok: false, problem: 'This is not an address.' }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { ok: false, problem: 'The address begins with http:// or https://.' }
  if (url.username !== '' || url.password !== '')
    return { ok: false, problem: 'Leave name and password out: the node is paired by signature.' }
  if (pageProtocol === 'https:' && url.protocol === 'http:' && !LOOPBACK.includes(url.hostname))
    return {
      ok: false,
      problem:
        'Browsers keep this secure page from plain http addresses elsewhere: use https, or an SSH tunnel to localhost.',
    }
  url.hash = ''
  url.search = ''
  return { ok: true, url: url.toString().replace(/\/$/, '') }
}

/** The address used last, in this browser only. */
export const rememberedAddress = (): string | undefined => window.localStorage.getItem(ADDRESS_KEY) ?? undefined

export function rememberAddress(url: string): void {
  window.localStorage.setItem(ADDRESS_KEY, url)
}

/** A pairing lives as long as the tab; it is bound to the address it was made with. */
export function savedPairing(url: string, nowMs: number): OperatorPairing | undefined {
  const raw = window.sessionStorage.getItem(PAIRING_KEY)
  if (raw === null) return undefined
  try {
    const value = JSON.parse(raw) as OperatorPairing & { url?: unknown }
    return value.url === url && typeof value.token === 'string' && value.expiresAtMs > nowMs ? value : undefined
  } catch {
    return undefined
  }
}

export function savePairing(url: string, pairing: OperatorPairing | undefined): void {
  if (pairing === undefined) window.sessionStorage.removeItem(PAIRING_KEY)
  else window.sessionStorage.setItem(PAIRING_KEY, JSON.stringify({ ...pairing, url }))
}
