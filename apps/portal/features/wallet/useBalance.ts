'use client'

import { useEffect, useState } from 'react'
import { useLive } from '#features/live/provider.tsx'
import { loadWallet } from './port.ts'
import type { Session } from './session.ts'

/** Spendable ELF of the session's account, read from the chain because it decides what may be signed. */
export function useChainBalance(session: Session | undefined): bigint | undefined {
  const [answer, setAnswer] = useState<{ address: string; balance: bigint } | undefined>(undefined)
  const { event } = useLive()
  const address = session?.address
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new head asks again
  useEffect(() => {
    if (address === undefined) return
    let gone = false
    void loadWallet()
      .then((port) => port.balanceOf(address))
      .then(
        (balance) => {
          if (!gone) setAnswer({ address, balance })
        },
        () => undefined,
      )
    return () => {
      gone = true
    }
  }, [address, event?.head.height])
  return answer !== undefined && answer.address === address ? answer.balance : undefined
}
