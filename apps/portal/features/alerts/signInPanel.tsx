'use client'

import { useState } from 'react'
import { type Failure, loadWallet } from '#features/wallet/port.ts'
import { requestConnect, type Session, useSession } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { type AlertsState, alertsApi, failureOf } from './useAlerts.ts'

type Step =
  | { readonly step: 'idle' | 'asking' }
  | { readonly step: 'review' | 'signing'; readonly text: string; readonly session: Session }

/** Sign-In with Ethereum: the text is read here before the wallet sees it. */
export function SignInPanel({ alerts, isPossible }: { alerts: AlertsState; isPossible: boolean }) {
  const session = useSession()
  const [state, setState] = useState<Step>({ step: 'idle' })
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  const begin = async (who: Session): Promise<void> => {
    setState({ step: 'asking' })
    setFailure(undefined)
    try {
      const [api, wallet] = await Promise.all([alertsApi(), loadWallet()])
      const text = wallet.signInText(who, await api.session.challenge.mutate())
      setState({ step: 'review', text, session: who })
    } catch (error) {
      setFailure(failureOf(error))
      setState({ step: 'idle' })
    }
  }
  const sign = async ({ text, session: who }: { text: string; session: Session }): Promise<void> => {
    setState({ step: 'signing', text, session: who })
    const wallet = await loadWallet()
    try {
      const signature = await wallet.signText(who, text)
      await alerts.act((api) => api.session.signIn.mutate({ message: text, signature }))
    } catch (error) {
      setFailure(wallet.failureOf(error))
    }
    setState({ step: 'idle' })
  }
  return (
    <Panel
      id="sign-in"
      title="Sign in"
      note="A signed text, no transaction and no fee; the session ends after twelve hours"
    >
      {failure === undefined ? null : (
        <Notice kind="error" className="mb-4" title={failure.title} code={failure.code}>
          {failure.help}
        </Notice>
      )}
      {isPossible ? (
        'text' in state ? (
          <div>
            <h3 className="text-sm font-medium">You are about to sign</h3>
            <blockquote
              className="mt-2 rounded-lg border border-line bg-sunken px-4 py-3 font-mono text-xs/5 break-words whitespace-pre-wrap"
              translate="no"
            >
              {state.text}
            </blockquote>
            <div className="mt-4 flex flex-wrap gap-2">
              <Button kind="primary" disabled={state.step === 'signing'} onClick={() => void sign(state)}>
                {state.step === 'signing' ? 'Waiting for the wallet…' : `Sign in ${state.session.label}`}
              </Button>
              <Button kind="quiet" disabled={state.step === 'signing'} onClick={() => setState({ step: 'idle' })}>
                Cancel
              </Button>
            </div>
          </div>
        ) : (
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[52ch] text-sm text-ink-2">
              What an account watches is its own matter, so the server wants to know who asks.
            </p>
            {session === undefined ? (
              <Button onClick={requestConnect}>Connect</Button>
            ) : (
              <Button kind="primary" disabled={state.step === 'asking'} onClick={() => void begin(session)}>
                Sign in with Ethereum
              </Button>
            )}
          </div>
        )
      ) : (
        <Notice kind="warn" title="Nobody can sign in here" code="session.noSite">
          This server was not told under which address people see it. Its operator sets PORTAL_URL.
        </Notice>
      )}
    </Panel>
  )
}
