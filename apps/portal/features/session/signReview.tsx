'use client'

import type { SignInChallenge } from '@aelf/governance/domain'
import { type ReactNode, useState } from 'react'
import { type Failure, loadWallet } from '#features/wallet/port.ts'
import { requestConnect, type Session, useSession } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { failureOf } from './ask.ts'

/** A text of the server and its signature. */
export interface Signed {
  readonly message: string
  readonly signature: `0x${string}`
}

type Step =
  | { readonly step: 'idle' | 'asking' }
  | { readonly step: 'review' | 'signing'; readonly text: string; readonly session: Session }

export interface SigningRequest {
  /** What the text is about, asked of the server. */
  challenge(): Promise<SignInChallenge>
  /** Hands the signed text in; what it throws is shown. */
  done(signed: Signed): Promise<unknown>
}

export interface Signing {
  readonly state: Step
  readonly failure: Failure | undefined
  readonly session: Session | undefined
  begin(request: SigningRequest): Promise<void>
  sign(): Promise<void>
  cancel(): void
}

/** Signing a text of the server with the connected account: the text is read here before the wallet sees it. */
export function useSigning(): Signing {
  const session = useSession()
  const [state, setState] = useState<Step>({ step: 'idle' })
  const [request, setRequest] = useState<SigningRequest | undefined>(undefined)
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  const begin = async (wanted: SigningRequest): Promise<void> => {
    if (session === undefined) {
      requestConnect()
      return
    }
    setState({ step: 'asking' })
    setFailure(undefined)
    try {
      const [challenge, wallet] = await Promise.all([wanted.challenge(), loadWallet()])
      setRequest(wanted)
      setState({ step: 'review', text: wallet.signInText(session, challenge), session })
    } catch (error) {
      setFailure(failureOf(error))
      setState({ step: 'idle' })
    }
  }
  const sign = async (): Promise<void> => {
    if (!('text' in state) || request === undefined) return
    const { text, session: who } = state
    setState({ step: 'signing', text, session: who })
    const wallet = await loadWallet()
    try {
      const signature = await wallet.signText(who, text)
      await request.done({ message: text, signature })
    } catch (error) {
      setFailure(wallet.failureOf(error))
    }
    setState({ step: 'idle' })
  }
  return { state, failure, session, begin, sign, cancel: () => setState({ step: 'idle' }) }
}

/** The text to sign, with its two ways out; what has gone wrong; or what is there to begin with. */
export function SignReview({ signing, verb, children }: { signing: Signing; verb: string; children: ReactNode }) {
  const { state, failure, sign, cancel } = signing
  const isWaiting = state.step === 'signing'
  return (
    <>
      {failure === undefined ? null : (
        <Notice kind="error" className="mb-4" title={failure.title} code={failure.code}>
          {failure.help}
        </Notice>
      )}
      {'text' in state ? (
        <div>
          <h3 className="text-sm font-medium">You are about to sign</h3>
          <blockquote
            className="mt-2 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-xs/5 break-words whitespace-pre-wrap"
            translate="no"
          >
            {state.text}
          </blockquote>
          <div className="mt-4 flex flex-wrap gap-2">
            <Button kind="primary" disabled={isWaiting} onClick={() => void sign()}>
              {isWaiting ? 'Waiting for the wallet…' : `${verb} ${state.session.label}`}
            </Button>
            <Button kind="quiet" disabled={isWaiting} onClick={cancel}>
              Cancel
            </Button>
          </div>
        </div>
      ) : (
        children
      )}
    </>
  )
}
