'use client'

import { portalApi } from '#features/session/ask.ts'
import { SignReview, useSigning } from '#features/session/signReview.tsx'
import { requestConnect } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import type { AlertsState } from './useAlerts.ts'

/** Sign-In with Ethereum. */
export function SignInPanel({ alerts, isPossible }: { alerts: AlertsState; isPossible: boolean }) {
  const signing = useSigning()
  const begin = (): Promise<void> =>
    signing.begin({
      challenge: async () => (await portalApi()).session.challenge.mutate(),
      done: (signed) => alerts.act((api) => api.session.signIn.mutate(signed)),
    })
  return (
    <Panel
      id="sign-in"
      title="Sign in"
      note="A signed text, no transaction and no fee; the session ends after twelve hours"
    >
      {isPossible ? (
        <SignReview signing={signing} verb="Sign in">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[52ch] text-sm text-ink-2">
              What an account watches is its own matter, so the server wants to know who asks.
            </p>
            {signing.session === undefined ? (
              <Button onClick={requestConnect}>Connect</Button>
            ) : (
              <Button kind="primary" disabled={signing.state.step === 'asking'} onClick={() => void begin()}>
                Sign in with Ethereum
              </Button>
            )}
          </div>
        </SignReview>
      ) : (
        <Notice kind="warn" title="Nobody can sign in here" code="session.noSite">
          This server was not told under which address people see it. Its operator sets PORTAL_URL.
        </Notice>
      )}
    </Panel>
  )
}
