'use client'

import { type FormEvent, useState } from 'react'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { readNodeAddress, rememberedAddress } from './address.ts'
import type { NodeFailure } from './runtime.ts'
import type { NodeConsole } from './useNodeConsole.ts'

/** Step one: where the node is. */
export function AddressPanel({
  console,
  network,
  suggested,
}: {
  console: NodeConsole
  network: string | undefined
  suggested: string | undefined
}) {
  const { stage } = console
  const [text, setText] = useState(() => rememberedAddress() ?? suggested ?? '')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const busy = stage.step === 'reaching'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const address = readNodeAddress(text, window.location.protocol)
    setProblem(address.ok ? undefined : address.problem)
    if (address.ok) void console.reach(address.url)
  }
  return (
    <Panel id="address" title="1 · Where is it?" note="The address of its RPC, as this browser can reach it">
      <form onSubmit={submit} noValidate>
        <label htmlFor="node-address" className="text-sm font-medium">
          Address of the node
        </label>
        <div className="mt-1.5 flex flex-col gap-2 sm:flex-row">
          <input
            id="node-address"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="http://127.0.0.1:8545"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            inputMode="url"
            aria-invalid={problem !== undefined}
            aria-describedby="node-address-help"
            className={cn(
              'h-10 w-full min-w-0 shrink-0 rounded-lg border bg-surface px-3 font-mono text-sm sm:w-auto sm:flex-1 sm:shrink',
              problem === undefined ? 'border-line-strong/60' : 'border-bad',
            )}
          />
          <Button kind="primary" type="submit" disabled={busy}>
            {busy ? 'Asking…' : 'Connect to node'}
          </Button>
        </div>
        <p id="node-address-help" className="mt-1.5 text-sm text-ink-3">
          {problem === undefined ? (
            'Kept in this browser only.'
          ) : (
            <span role="alert" className="text-bad">
              {problem}
            </span>
          )}
        </p>
      </form>
      {suggested !== undefined && text === suggested && stage.step === 'address' ? (
        <p className="mt-3 flex flex-wrap items-center gap-2 text-sm text-ink-2">
          <Badge tone="warn">Development network</Badge>
          <span>Its node runs on this machine: a demo account may pair with it.</span>
        </p>
      ) : null}
      {stage.step === 'failed' ? <ReachFailure failure={stage.failure} network={network} url={stage.url} /> : null}
      {stage.step === 'found' || stage.step === 'review' || stage.step === 'signing' ? (
        <p role="status" className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <Badge tone="good">Reached</Badge>
          <span translate="no">{stage.info.network}</span>
          <span className="num text-ink-3">{`version ${stage.info.version}`}</span>
        </p>
      ) : null}
    </Panel>
  )
}

function ReachFailure({ failure, network, url }: { failure: NodeFailure; network: string | undefined; url: string }) {
  return (
    <Notice kind="error" className="mt-4" title={failure.title} code={failure.code}>
      {failure.kind === 'unreachable' ? (
        <ul className="list-disc space-y-1 ps-5">
          <li>Is the node running, and is the port the one of its RPC?</li>
          <li>A node on another machine: forward the port with SSH, then use localhost.</li>
          <li>Some browsers ask before a page may call this network: allow it.</li>
        </ul>
      ) : failure.kind === 'origin' ? (
        <CorsLine />
      ) : failure.kind === 'network' ? (
        <span>
          {`This portal serves ${network ?? 'another network'}. ${failure.help}`}
          <span className="mt-1 block font-mono text-xs break-all" translate="no">
            {url}
          </span>
        </span>
      ) : (
        failure.help
      )}
    </Notice>
  )
}

/** The line that lets this page read the node's answers. */
function CorsLine() {
  const line = `rpc:\n  origins: ['${window.location.origin}']`
  return (
    <div>
      <p>Let this page read its answers: put this into the node’s aelf.yaml and start it again.</p>
      <div className="mt-2 flex items-start gap-1 rounded-lg bg-surface px-3 py-2">
        <pre className="min-w-0 flex-1 overflow-x-auto font-mono text-xs" translate="no">
          <code>{line}</code>
        </pre>
        <CopyButton value={line} label="configuration line" />
      </div>
    </div>
  )
}
