import type { BaseView } from '@aelf/governance/domain'
import { sha256 } from './sha256.ts'

/** Content of the portal's store, by its hash. */
const addressOf = (hash: string): string => `/api/content/${hash}`

export interface ContentFailure {
  readonly title: string
  readonly help: string
  readonly code: string
}

export type Fetched =
  | { readonly kind: 'here'; readonly blob: Blob }
  /** The server gave other bytes than it was asked for. */
  | { readonly kind: 'other' }
  | { readonly kind: 'failed'; readonly failure: ContentFailure }

const UNREACHABLE: ContentFailure = {
  title: 'The portal does not answer.',
  help: 'Check the connection, then try again.',
  code: 'portal.unreachable',
}

async function failureOf(response: Response): Promise<ContentFailure> {
  const said: unknown = await response.json().catch(() => undefined)
  const field = (name: string): string | undefined => {
    const value = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const help = response.status === 429 || response.status >= 500 ? 'Try again in a minute.' : ''
  return { title: `${field('message') ?? 'It was refused'}.`, help, code: field('code') ?? `http.${response.status}` }
}

/** Content by its hash, hashed here: whoever serves it can only withhold it. */
export async function fetchContent(hash: `0x${string}`): Promise<Fetched> {
  try {
    const response = await fetch(addressOf(hash))
    if (!response.ok) return { kind: 'failed', failure: await failureOf(response) }
    const blob = await response.blob()
    return (await sha256(await blob.arrayBuffer())) === hash ? { kind: 'here', blob } : { kind: 'other' }
  } catch {
    return { kind: 'failed', failure: UNREACHABLE }
  }
}

/** Hands content in under its hash; answers what went wrong, or nothing. */
export async function handIn(hash: `0x${string}`, content: Blob): Promise<ContentFailure | undefined> {
  try {
    const response = await fetch(addressOf(hash), { method: 'PUT', body: content })
    return response.ok ? undefined : await failureOf(response)
  } catch {
    return UNREACHABLE
  }
}

/** The source of the release this portal runs. */
async function fetchRelease(): Promise<Blob | undefined> {
  try {
    const response = await fetch('/api/collection/source')
    return response.ok ? await response.blob() : undefined
  } catch {
    return undefined
  }
}

/** What an archive is compared with: the source of the collection in force, where it is known. */
export async function fetchBase(base: BaseView | undefined): Promise<Blob | undefined> {
  if (base?.source === 'release') return fetchRelease()
  if (base?.source !== 'archive') return undefined
  const found = await fetchContent(base.archiveHash)
  return found.kind === 'here' ? found.blob : undefined
}

/** UTF-8 as text; undefined for other bytes. */
export async function textOf(blob: Blob): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await blob.arrayBuffer())
  } catch {
    return undefined
  }
}
