'use client'

import type { OperatorChallenge, OperatorNodeInfo, OperatorPairing } from '@aelf/governance/domain'
import { useCallback, useEffect, useRef, useState } from 'react'
import { loadWallet } from '#features/wallet/port.ts'
import { currentSession } from '#features/wallet/session.ts'
import { rememberAddress, rememberedAddress, savedPairing, savePairing } from './address.ts'
import type { NodeFailure, NodeLine } from './runtime.ts'

/** Where the console stands with one node. */
export type Stage =
  | { readonly step: 'address' }
  | { readonly step: 'reaching'; readonly url: string }
  | { readonly step: 'failed'; readonly url: string; readonly failure: NodeFailure }
  | { readonly step: 'found'; readonly url: string; readonly info: OperatorNodeInfo; readonly failure?: NodeFailure }
  | {
      readonly step: 'review' | 'signing'
      readonly url: string
      readonly info: OperatorNodeInfo
      readonly challenge: OperatorChallenge
      readonly address: `0x${string}`
    }
  | {
      readonly step: 'paired'
      readonly url: string
      readonly info: OperatorNodeInfo
      readonly pairing: OperatorPairing
    }

export interface NodeConsole {
  readonly stage: Stage
  readonly line: () => Promise<NodeLine>
  readonly reach: (url: string) => Promise<void>
  readonly ask: () => Promise<void>
  readonly sign: () => Promise<void>
  readonly leave: () => Promise<void>
  readonly forget: () => void
  /** The node no longer knows the pairing. */
  readonly expired: (failure: NodeFailure) => void
}

const ACCOUNT_CHANGED: NodeFailure = {
  kind: 'other',
  title: 'You connected another account meanwhile.',
  help: 'Nothing was signed. Ask the node again.',
  code: 'portal.accountChanged',
}

const open = async (url: string): Promise<NodeLine> => (await import('./runtime.ts')).openNode(url)

/** Leads from an address to a paired node; no step talks to the portal's server. */
export function useNodeConsole(genesisHash: `0x${string}` | undefined): NodeConsole {
  const [stage, setStage] = useState<Stage>({ step: 'address' })
  const now = useRef(stage)
  now.current = stage

  const reach = useCallback(
    async (url: string) => {
      setStage({ step: 'reaching', url })
      const node = await open(url)
      try {
        const info = await node.info(genesisHash)
        rememberAddress(url)
        const pairing = savedPairing(url, Date.now())
        setStage(pairing === undefined ? { step: 'found', url, info } : { step: 'paired', url, info, pairing })
      } catch (error) {
        setStage({ step: 'failed', url, failure: await node.failureOf(error) })
      }
    },
    [genesisHash],
  )

  useEffect(() => {
    const url = rememberedAddress()
    if (url !== undefined && savedPairing(url, Date.now()) !== undefined) void reach(url)
  }, [reach])

  const ask = async (): Promise<void> => {
    const before = now.current
    const session = currentSession()
    if (before.step !== 'found' || session === undefined) return
    const { url, info } = before
    const node = await open(url)
    try {
      const challenge = await node.challenge(session.address)
      setStage({ step: 'review', url, info, challenge, address: session.address })
    } catch (error) {
      setStage({ step: 'found', url, info, failure: await node.failureOf(error) })
    }
  }

  const sign = async (): Promise<void> => {
    const before = now.current
    const session = currentSession()
    if (before.step !== 'review' || session === undefined) return
    const { url, info, challenge, address } = before
    if (session.address !== address) {
      setStage({ step: 'found', url, info, failure: ACCOUNT_CHANGED })
      return
    }
    setStage({ ...before, step: 'signing' })
    const [node, wallet] = await Promise.all([open(url), loadWallet()])
    let signature: `0x${string}`
    try {
      signature = await wallet.signText(session, challenge.message)
    } catch (error) {
      setStage({ step: 'found', url, info, failure: { kind: 'other', ...wallet.failureOf(error) } })
      return
    }
    try {
      const pairing = await node.pair(challenge, signature)
      savePairing(url, pairing)
      setStage({ step: 'paired', url, info, pairing })
    } catch (error) {
      setStage({ step: 'found', url, info, failure: await node.failureOf(error) })
    }
  }

  const leave = async (): Promise<void> => {
    const before = now.current
    if (before.step !== 'paired') return
    const { url, info, pairing } = before
    savePairing(url, undefined)
    setStage({ step: 'found', url, info })
    // The pairing is forgotten here in any case; the node ends it by itself when it cannot be told.
    await (await open(url)).unpair(pairing.token).catch(() => undefined)
  }

  const expired = (failure: NodeFailure): void => {
    const before = now.current
    if (before.step !== 'paired') return
    savePairing(before.url, undefined)
    setStage({ step: 'found', url: before.url, info: before.info, failure })
  }

  return {
    stage,
    line: () => open('url' in now.current ? now.current.url : ''),
    reach,
    ask,
    sign,
    leave,
    forget: () => setStage({ step: 'address' }),
    expired,
  }
}
