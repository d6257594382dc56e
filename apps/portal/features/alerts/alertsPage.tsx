'use client'

import { SignedIn } from '#features/session/signIn.tsx'
import { useSession } from '#features/wallet/session.ts'
import { Notice, SkeletonRows } from '#ui/notice.tsx'
import { ChannelsPanel } from './channelsPanel.tsx'
import { DeliveriesPanel } from './deliveriesPanel.tsx'
import { SignInPanel } from './signInPanel.tsx'
import { SubscribePanel } from './subscribePanel.tsx'
import { type AlertsState, useAlerts } from './useAlerts.ts'

export interface OfferedDelegate {
  readonly address: string
  readonly name: string
}

/** Alerts of one account. Reading them takes a session: what somebody watches is theirs alone. */
export function AlertsPage({
  delegates,
  wanted,
}: {
  delegates: readonly OfferedDelegate[]
  wanted: string | undefined
}) {
  const alerts = useAlerts()
  const { options, signedIn, view, failure } = alerts
  return (
    <div className="space-y-6">
      {failure === undefined ? null : (
        <Notice kind="error" title={failure.title} code={failure.code}>
          {failure.help}
        </Notice>
      )}
      {options === undefined || signedIn === undefined ? (
        failure === undefined ? (
          <div className="panel">
            <SkeletonRows rows={4} />
          </div>
        ) : null
      ) : signedIn === null ? (
        <SignInPanel alerts={alerts} isPossible={options.signIn} />
      ) : (
        <>
          <Who alerts={alerts} address={signedIn} />
          {view === undefined ? (
            <div className="panel">
              <SkeletonRows rows={4} />
            </div>
          ) : (
            <>
              <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
                <ChannelsPanel alerts={alerts} view={view} options={options} />
                <SubscribePanel alerts={alerts} view={view} delegates={delegates} wanted={wanted} />
              </div>
              <DeliveriesPanel alerts={alerts} view={view} />
            </>
          )}
        </>
      )}
    </div>
  )
}

function Who({ alerts, address }: { alerts: AlertsState; address: string }) {
  const session = useSession()
  const isOther = session !== undefined && session.address !== address
  return (
    <div>
      <SignedIn account={alerts} address={address} words="Signed in as" size="small" />
      {isOther ? (
        <Notice kind="warn" className="mt-3" title="You are connected with another account">
          What you see belongs to the account you signed in with. Sign out to use the other one.
        </Notice>
      ) : null}
    </div>
  )
}
