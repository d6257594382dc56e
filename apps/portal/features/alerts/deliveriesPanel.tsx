'use client'

import type { AlertDeliveryView, AlertsView } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'
import type { AlertsState } from './useAlerts.ts'

const STATE = {
  pending: { text: 'On its way', tone: 'brand' },
  delivered: { text: 'Delivered', tone: 'good' },
  dead: { text: 'Given up', tone: 'bad' },
} as const

/** What was sent, what waits, and what could not be delivered and why. */
export function DeliveriesPanel({ alerts, view }: { alerts: AlertsState; view: AlertsView }) {
  return (
    <Panel id="deliveries" title="Messages" note="Newest first; kept for thirty days" flush>
      {view.deliveries.length === 0 ? (
        <EmptyState title="No message yet">
          They appear here as soon as something happens that you asked for.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {view.deliveries.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} alerts={alerts} view={view} />
          ))}
        </ul>
      )}
    </Panel>
  )
}

function Delivery({ delivery, alerts, view }: { delivery: AlertDeliveryView; alerts: AlertsState; view: AlertsView }) {
  const state = STATE[delivery.state]
  const target = view.channels.find(({ id }) => id === delivery.channelId)?.target ?? 'a removed channel'
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 px-5 py-3 text-sm">
      <span className="min-w-56 flex-1">
        <span className="block font-medium">{delivery.title}</span>
        <span className="block break-words text-ink-2">{delivery.detail}</span>
        <span className="block text-xs break-all text-ink-3" translate="no">
          {target}
        </span>
        {delivery.lastError === undefined || delivery.state === 'delivered' ? null : (
          <span className="block text-xs text-bad">{`${delivery.lastError}, attempt ${delivery.attempts}`}</span>
        )}
      </span>
      <span className="flex items-center gap-2">
        <Badge tone={state.tone}>{state.text}</Badge>
        {delivery.state === 'dead' ? (
          <Button
            size="small"
            disabled={alerts.busy}
            onClick={() => void alerts.act((api) => api.alerts.retry.mutate({ id: delivery.id }))}
          >
            Try again
          </Button>
        ) : null}
        <WallTime at={delivery.createdAtMs} />
      </span>
    </li>
  )
}

/** Messages carry the server's clock, not the chain's, which a development network may move. */
const WallTime = ({ at }: { at: number }) => <Time at={at} mode="absolute" className="text-ink-3" />
