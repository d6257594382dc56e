'use client'

import type { trpc } from '#features/live/trpc.ts'

export type PortalApi = typeof trpc

/** What went wrong, in words of the server. */
export interface ApiFailure {
  readonly title: string
  readonly help: string
  readonly code: string
}

export async function portalApi(): Promise<PortalApi> {
  return (await import('#features/live/trpc.ts')).trpc
}

export function failureOf(error: unknown): ApiFailure {
  const message = error instanceof Error ? error.message : 'The server did not answer'
  const data =
    typeof error === 'object' && error !== null && 'data' in error
      ? (error.data as Record<string, unknown> | null)
      : null
  const reason = typeof data?.['reason'] === 'string' ? data['reason'] : 'portal.unreachable'
  const help = typeof data?.['help'] === 'string' ? data['help'] : data === null ? 'Try again in a moment.' : ''
  return { title: `${message.replace(/\.$/, '')}.`, help, code: reason }
}
