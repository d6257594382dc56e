'use client'

import { createContext, type ReactNode, useContext } from 'react'
import { type AelfClient, BaseError } from '#actions'

const ClientContext = createContext<AelfClient | undefined>(undefined)

/** Gives the hooks below it their RPC client. */
export function AelfProvider({
  client,
  children,
}: {
  readonly client: AelfClient
  readonly children: ReactNode
}): ReactNode {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}

/** The RPC client of the nearest `AelfProvider`. */
export function useAelfClient(): AelfClient {
  const client = useContext(ClientContext)
  if (!client)
    throw new BaseError('There is no AelfProvider above this component.', {
      code: 'react.provider',
      help: 'Wrap the page in AelfProvider.',
    })
  return client
}
