import { createServerCaller } from '@aelf/governance/trpc'
import { cache } from 'react'

/** The portal's own API, called in process while a page renders: no HTTP, no chain connection. One caller a request. */
export const api = cache(() => createServerCaller())

/** An answer or the reason there is none, so that one failing part never takes the page with it. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string }

export async function attempt<T>(work: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work }
  } catch (error) {
    return { ok: false, code: errorCode(error), message: error instanceof Error ? error.message : 'Unknown failure' }
  }
}

export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string')
    return error.code
  return 'INTERNAL_SERVER_ERROR'
}

/** For detail pages: the value, or undefined when the API says there is no such thing; other failures reach the error page. */
export async function found<T>(work: Promise<T>): Promise<T | undefined> {
  const outcome = await attempt(work)
  if (outcome.ok) return outcome.value
  if (outcome.code === 'NOT_FOUND' || outcome.code === 'BAD_REQUEST') return undefined
  throw new Error(outcome.message)
}
