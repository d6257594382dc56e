'use client'

import { SignIn } from '#features/session/signIn.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import type { AlertsState } from './useAlerts.ts'

export function SignInPanel({ alerts, isPossible }: { alerts: AlertsState; isPossible: boolean }) {
  return (
    <Panel
      id="sign-in"
      title="Sign in"
      note="A signed text, no transaction and no fee; the session ends after twelve hours"
    >
      {isPossible ? (
        <SignIn account={alerts} connect="Connect" kind="primary">
          What an account watches is its own matter, so the server wants to know who asks.
        </SignIn>
      ) : (
        <Notice kind="warn" title="Nobody can sign in here" code="session.noSite">
          This server was not told under which address people see it. Its operator sets PORTAL_URL.
        </Notice>
      )}
    </Panel>
  )
}
