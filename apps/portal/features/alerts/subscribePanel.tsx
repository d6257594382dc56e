'use client'

import type { AlertKind, AlertSubscriptionView, AlertsView } from '@aelf/governance/domain'
import { Trash2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { EmptyState } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import type { OfferedDelegate } from './alertsPage.tsx'
import type { AlertsState } from './useAlerts.ts'
import { KIND_SHORT, KIND_TEXT, KINDS } from './words.ts'

const MISSED: readonly number[] = [1, 2, 3, 5]
const FIELD = 'h-10 w-full rounded-lg border border-line-strong/60 bg-surface px-3 text-sm'

/** What is told about whom. */
export function SubscribePanel({
  alerts,
  view,
  delegates,
  wanted,
}: {
  alerts: AlertsState
  view: AlertsView
  delegates: readonly OfferedDelegate[]
  wanted: string | undefined
}) {
  return (
    <Panel
      id="subscriptions"
      title="2 · About whom"
      note={`${view.subscriptions.length} of ${view.limits.subscriptions} subscriptions used`}
      flush
    >
      {view.subscriptions.length === 0 ? (
        <EmptyState title="Nothing is watched yet" />
      ) : (
        <ul className="divide-y divide-line">
          {view.subscriptions.map((subscription) => (
            <Subscription key={subscription.id} subscription={subscription} alerts={alerts} view={view} />
          ))}
        </ul>
      )}
      <div className="border-t border-line p-5">
        {view.channels.length === 0 ? (
          <p className="text-sm text-ink-3">Add a channel first: news needs somewhere to go.</p>
        ) : (
          <SubscribeForm alerts={alerts} view={view} delegates={delegates} wanted={wanted} />
        )}
      </div>
    </Panel>
  )
}

function Subscription({
  subscription,
  alerts,
  view,
}: {
  subscription: AlertSubscriptionView
  alerts: AlertsState
  view: AlertsView
}) {
  const target = view.channels.find(({ id }) => id === subscription.channelId)?.target ?? ''
  const kinds = subscription.kinds
    .map((kind) => (kind === 'missed' ? `${subscription.missedInRow} × ${KIND_SHORT.missed}` : KIND_SHORT[kind]))
    .join(' · ')
  return (
    <li className="flex items-center gap-3 px-5 py-3">
      <span className="min-w-0 flex-1">
        <Address
          address={subscription.delegate}
          name={subscription.delegateName}
          href={`/delegates/${subscription.delegate}`}
        />
        <span className="mt-1 block text-sm text-ink-2">{kinds}</span>
        <span className="block text-xs break-all text-ink-3" translate="no">
          {target}
        </span>
      </span>
      <Button
        size="small"
        kind="quiet"
        disabled={alerts.busy}
        aria-label={`End alerts about ${subscription.delegateName ?? subscription.delegate}`}
        onClick={() => void alerts.act((api) => api.alerts.unsubscribe.mutate({ id: subscription.id }))}
      >
        <Trash2 size={16} aria-hidden="true" />
      </Button>
    </li>
  )
}

function SubscribeForm({
  alerts,
  view,
  delegates,
  wanted,
}: {
  alerts: AlertsState
  view: AlertsView
  delegates: readonly OfferedDelegate[]
  wanted: string | undefined
}) {
  const [delegate, setDelegate] = useState(
    () => delegates.find(({ address }) => address === wanted)?.address ?? delegates[0]?.address ?? '',
  )
  const [channel, setChannel] = useState('')
  const [kinds, setKinds] = useState<readonly AlertKind[]>(KINDS)
  const [missedInRow, setMissedInRow] = useState(1)
  const channelId = view.channels.some(({ id }) => id === channel) ? channel : (view.channels[0]?.id ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void alerts.act((api) => api.alerts.subscribe.mutate({ channelId, delegate, kinds: [...kinds], missedInRow }))
  }
  return (
    <form onSubmit={submit} className="space-y-4">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <label className="block text-sm font-medium">
          <span className="mb-1.5 block">Delegate</span>
          <select
            value={delegate}
            onChange={(event) => setDelegate(event.target.value)}
            className={FIELD}
            translate="no"
          >
            {delegates.map(({ address, name }) => (
              <option key={address} value={address}>
                {name === '' ? address : name}
              </option>
            ))}
          </select>
        </label>
        <label className="block text-sm font-medium">
          <span className="mb-1.5 block">Channel</span>
          <select
            value={channelId}
            onChange={(event) => setChannel(event.target.value)}
            className={FIELD}
            translate="no"
          >
            {view.channels.map(({ id, target }) => (
              <option key={id} value={id}>
                {target}
              </option>
            ))}
          </select>
        </label>
      </div>
      <fieldset>
        <legend className="text-sm font-medium">Tell me when</legend>
        <ul className="mt-1.5 grid grid-cols-1 gap-x-4 sm:grid-cols-2">
          {KINDS.map((kind) => (
            <li key={kind}>
              <label className="flex min-h-8 items-center gap-2 text-sm">
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  onChange={(event) =>
                    setKinds(KINDS.filter((other) => (other === kind ? event.target.checked : kinds.includes(other))))
                  }
                  className="size-4.5 accent-(--brand)"
                />
                <span>{KIND_TEXT[kind]}</span>
              </label>
            </li>
          ))}
        </ul>
      </fieldset>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <label className="block text-sm font-medium">
          <span className="mb-1.5 block">Missed slots in a row</span>
          <select
            value={missedInRow}
            onChange={(event) => setMissedInRow(Number(event.target.value))}
            className={FIELD}
            disabled={!kinds.includes('missed')}
          >
            {MISSED.map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
        <Button kind="primary" type="submit" disabled={alerts.busy || kinds.length === 0 || delegate === ''}>
          Subscribe
        </Button>
      </div>
      {kinds.length === 0 ? <p className="text-sm text-ink-3">Choose at least one kind of news.</p> : null}
    </form>
  )
}
