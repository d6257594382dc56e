'use client'

import { useMutation, type UseMutationResult } from '@tanstack/react-query'
import { type BaseError, sendCall, type SendCallParameters } from '#actions'
import type { Hash } from '#domain'
import { useAelfClient } from './provider.tsx'

/** Prepares, has signed and sends a call; resolves with the id once the node holds it on disk. */
export function useSendCall(): UseMutationResult<Hash, BaseError, SendCallParameters> {
  const client = useAelfClient()
  return useMutation({ mutationFn: (parameters: SendCallParameters) => sendCall(client, parameters) })
}
