'use client'

import { useCallback, useRef, useState } from 'react'
import { type CallRequest, type Failure, loadWallet, type Prepared } from '../port.ts'
import type { Session } from '../session.ts'
import { dropEnvelope, putEntry, storeCall } from '../tray/store.ts'

/** From a filled form to a sent transaction. Nothing reaches a wallet before the review. */
export type WriteFlow =
  | { readonly step: 'form'; readonly failure?: Failure }
  | { readonly step: 'preparing' }
  | { readonly step: 'review'; readonly prepared: Prepared; readonly failure?: Failure }
  | { readonly step: 'signing'; readonly prepared: Prepared }
  | { readonly step: 'sent'; readonly prepared: Prepared; readonly id: `0x${string}` }

export interface WriteFlowControls {
  readonly flow: WriteFlow
  readonly review: (session: Session, call: CallRequest) => void
  readonly sign: () => void
  readonly reset: () => void
}

export function useWriteFlow(): WriteFlowControls {
  const [flow, setFlow] = useState<WriteFlow>({ step: 'form' })
  const subject = useRef<{ session: Session; call: CallRequest } | undefined>(undefined)
  // What was left behind, by going back or on to something else, has no say any more when its answer comes.
  const follow = useCallback((current: typeof subject.current, next: WriteFlow) => {
    if (subject.current === current) setFlow(next)
  }, [])

  const review = useCallback(
    (session: Session, call: CallRequest) => {
      const current = { session, call }
      subject.current = current
      setFlow({ step: 'preparing' })
      void prepare(session, call).then((next) => follow(current, next))
    },
    [follow],
  )

  const sign = useCallback(() => {
    const current = subject.current
    setFlow((previous) => {
      if (current === undefined || previous.step !== 'review') return previous
      return { step: 'signing', prepared: previous.prepared }
    })
    if (current !== undefined && flow.step === 'review')
      void send(current.session, current.call, flow.prepared, (next) => follow(current, next))
  }, [flow, follow])

  const reset = useCallback(() => {
    subject.current = undefined
    setFlow({ step: 'form' })
  }, [])
  return { flow, review, sign, reset }
}

const CODE_FAILURE: Failure = {
  title: 'The wallet code could not be loaded.',
  help: 'Check the connection, then try again.',
  code: 'portal.walletCode',
}

/** The answer was lost, on either side of the relay. */
const LOST: readonly string[] = ['client.unreachable', 'client.timeout', 'portal.relay', 'rpc.unreachable']
const UNCONFIRMED: Failure = {
  title: 'Signed, but the node has not confirmed receiving it.',
  help: 'It waits in the tray: send it again from there. Signing anew would make a second transaction.',
  code: 'tx.unconfirmed',
}

async function prepare(session: Session, call: CallRequest): Promise<WriteFlow> {
  const port = await loadWallet().catch(() => undefined)
  if (port === undefined) return { step: 'form', failure: CODE_FAILURE }
  try {
    return { step: 'review', prepared: await port.prepare(session, call) }
  } catch (error) {
    return { step: 'form', failure: port.failureOf(error) }
  }
}

async function send(
  session: Session,
  call: CallRequest,
  reviewed: Prepared,
  setFlow: (flow: WriteFlow) => void,
): Promise<void> {
  const port = await loadWallet().catch(() => undefined)
  if (port === undefined) return setFlow({ step: 'review', prepared: reviewed, failure: CODE_FAILURE })
  const key = crypto.randomUUID()
  let refHeight = reviewed.refHeight
  let signed = false
  try {
    const id = await port.send(session, call, reviewed, {
      onSigning: (prepared) => {
        refHeight = prepared.refHeight
        setFlow({ step: 'signing', prepared })
      },
      onSigned: (envelope) => {
        signed = true
        putEntry({
          key,
          from: session.address,
          intent: reviewed.intent,
          submittedAtMs: Date.now(),
          stage: 'signed',
          envelope,
          refHeight: refHeight.toString(),
          call: storeCall(call),
        })
      },
    })
    dropEnvelope(key, id)
    setFlow({ step: 'sent', prepared: reviewed, id })
  } catch (error) {
    const failure = port.failureOf(error)
    // The node may have it although its answer was lost: the way on is the same bytes, not a second signature.
    if (signed && LOST.includes(failure.code)) setFlow({ step: 'form', failure: UNCONFIRMED })
    else setFlow({ step: 'review', prepared: reviewed, failure })
  }
}
