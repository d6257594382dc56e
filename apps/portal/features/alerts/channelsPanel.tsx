'use client'

import type { AlertChannelView, AlertOptionsView, AlertsView } from '@aelf/governance/domain'
import { Mail, Trash2, Webhook } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { portalApi } from '#features/session/ask.ts'
import { SignReview, useSigning } from '#features/session/signReview.tsx'
import { requestConnect } from '#features/wallet/session.ts'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import type { AlertsState } from './useAlerts.ts'

const STATE = {
  active: { text: 'In use', tone: 'good' },
  unconfirmed: { text: 'Waits for its owner', tone: 'warn' },
  stopped: { text: 'Stopped', tone: 'neutral' },
} as const

/** Where alerts go. */
export function ChannelsPanel({
  alerts,
  view,
  options,
}: {
  alerts: AlertsState
  view: AlertsView
  options: AlertOptionsView
}) {
  const [secret, setSecret] = useState<string | undefined>(undefined)
  return (
    <Panel
      id="channels"
      title="1 · Where to"
      note={`${view.channels.length} of ${view.limits.channels} channels used`}
      flush
    >
      {secret === undefined ? null : (
        <Notice kind="warn" className="m-5" title="Keep this secret now: it is shown once">
          <p>Your receiver checks the header aelf-signature with it.</p>
          <p
            className="mt-2 flex items-center gap-1 rounded-lg bg-surface px-3 py-2 font-mono text-xs break-all"
            translate="no"
          >
            <span data-testid="secret">{secret}</span>
            <CopyButton value={secret} label="secret" />
          </p>
          <Button size="small" className="mt-3" onClick={() => setSecret(undefined)}>
            I have it
          </Button>
        </Notice>
      )}
      {view.channels.length === 0 ? (
        <EmptyState title="No channel yet" />
      ) : (
        <ul className="divide-y divide-line">
          {view.channels.map((channel) => (
            <Channel key={channel.id} channel={channel} alerts={alerts} />
          ))}
        </ul>
      )}
      <div className="border-t border-line p-5">
        <Adders alerts={alerts} options={options} onSecret={setSecret} />
      </div>
    </Panel>
  )
}

/** A new address takes a signature that names it, so that a session somebody got hold of sends nothing elsewhere. */
function Adders({
  alerts,
  options,
  onSecret,
}: {
  alerts: AlertsState
  options: AlertOptionsView
  onSecret: (secret: string) => void
}) {
  const signing = useSigning()
  const isOwner = signing.session?.address.toLowerCase() === alerts.signedIn
  const busy = alerts.busy || signing.state.step !== 'idle'
  const add = (kind: AlertChannelView['kind'], target: string): Promise<void> =>
    signing.begin({
      challenge: async () => (await portalApi()).alerts.challenge.mutate({ kind, target }),
      done: (signed) =>
        alerts.act(async (api) => {
          if (kind === 'email') await api.alerts.addEmail.mutate({ address: target, ...signed })
          else onSecret((await api.alerts.addWebhook.mutate({ url: target, ...signed })).secret)
        }),
    })
  if (!isOwner) {
    return (
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[52ch] text-sm text-ink-2">
          A new address takes a signature of the account that is signed in. Connect it to add one.
        </p>
        <Button onClick={requestConnect}>Connect</Button>
      </div>
    )
  }
  return (
    <SignReview signing={signing} verb="Sign with">
      <div className="space-y-5">
        <Adder
          id="webhook"
          label="Webhook"
          placeholder="https://"
          help={
            options.loopback
              ? 'https, or on this development network http to the server’s own machine.'
              : 'https, at an address of the public internet.'
          }
          busy={busy}
          onAdd={(url) => add('webhook', url)}
        />
        {options.email ? (
          <Adder
            id="email"
            label="E-mail address"
            placeholder="you@example.com"
            help="It is asked first: nothing is sent before its owner has pressed the link."
            busy={busy}
            onAdd={(address) => add('email', address)}
          />
        ) : null}
      </div>
    </SignReview>
  )
}

function Channel({ channel, alerts }: { channel: AlertChannelView; alerts: AlertsState }) {
  const Icon = channel.kind === 'webhook' ? Webhook : Mail
  const state = STATE[channel.state]
  return (
    <li className="flex items-center gap-3 px-5 py-3">
      <Icon size={18} className="shrink-0 text-ink-3" aria-hidden="true" />
      <span className="min-w-0 flex-1 text-sm break-all" translate="no">
        {channel.target}
      </span>
      <Badge tone={state.tone}>{state.text}</Badge>
      <Button
        size="small"
        kind="quiet"
        disabled={alerts.busy}
        aria-label={`Remove ${channel.target}`}
        onClick={() => void alerts.act((api) => api.alerts.removeChannel.mutate({ id: channel.id }))}
      >
        <Trash2 size={16} aria-hidden="true" />
      </Button>
    </li>
  )
}

interface AdderProps {
  id: string
  label: string
  placeholder: string
  help: string
  busy: boolean
  onAdd: (text: string) => Promise<void>
}

function Adder({ id, label, placeholder, help, busy, onAdd }: AdderProps) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') void onAdd(text.trim())
  }
  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="mt-1.5 flex flex-col gap-2 sm:flex-row">
        <input
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder={placeholder}
          inputMode={id === 'email' ? 'email' : 'url'}
          autoComplete={id === 'email' ? 'email' : 'off'}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={`${id}-help`}
          className="h-10 w-full min-w-0 shrink-0 rounded-lg border border-line-strong/60 bg-surface px-3 text-sm sm:w-auto sm:flex-1 sm:shrink"
        />
        <Button
          type="submit"
          disabled={busy || text.trim() === ''}
        >{`Add ${id === 'email' ? 'address' : 'webhook'}`}</Button>
      </div>
      <p id={`${id}-help`} className="mt-1.5 text-sm text-ink-3">
        {help}
      </p>
    </form>
  )
}
