'use client'

import type { TransactionView } from '@aelf/chain/rpc'
import { useEffect, useRef } from 'react'
import { type BaseError, watchTransaction } from '#actions'
import type { Hash } from '#domain'
import { useAelfClient } from './provider.tsx'

/** Reports a transaction's progress until it is irreversible or expired. */
export function useWatchTransaction(parameters: {
  readonly id?: Hash | undefined
  readonly onChange: (view: TransactionView) => void
  readonly onError?: (error: BaseError) => void
}): void {
  const client = useAelfClient()
  const latest = useRef(parameters)
  useEffect(() => {
    latest.current = parameters
  })
  const { id } = parameters
  useEffect(() => {
    if (!id) return
    return watchTransaction(client, {
      id,
      onChange: (view) => latest.current.onChange(view),
      onError: (error) => latest.current.onError?.(error),
    })
  }, [client, id])
}
