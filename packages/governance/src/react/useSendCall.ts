'use client'

import { type UseMutationResult, useMutation } from '@tanstack/react-query'
import { type BaseError, type SendCallParameters, sendCall } from '#actions'
import type { Hash } from '#domain'
import { useAelfClient } from './provider.tsx'

/** Prepares, has signed and sends a call; resolves with the id once the node holds it on disk. */
export function useSendCall(): UseMutationResult<Hash, BaseError, SendCallParameters> {
  const client = useAelfClient()
  return useMutation({ mutationFn: (parameters: SendCallParameters) => sendCall(client, parameters) })
}
