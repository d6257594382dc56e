import type { Metadata } from 'next'
import { nodeRpcUrl } from '#env'
import { NodeConsolePage } from '#features/node/consolePage.tsx'
import { api, attempt } from '#server/api.ts'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Your node' }

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

export default async function NodePage() {
  const outcome = await attempt(api().network.pulse())
  const pulse = outcome.ok ? outcome.value : undefined
  // A development network runs on the reader's own machine, so its node can be proposed; any other address is the operator's to know.
  const suggested =
    pulse?.devnet === true && LOOPBACK.includes(new URL(nodeRpcUrl).hostname)
      ? nodeRpcUrl.replace(/\/$/, '')
      : undefined
  return (
    <>
      <PageHeader
        title="Your node"
        lead="For delegates: what your own node does, why a slot was missed, and what to do next. This page talks to the node directly; nothing passes through this portal’s server, and your key stays where it is."
      />
      <NodeConsolePage genesisHash={pulse?.genesisHash} network={pulse?.network} suggested={suggested} />
    </>
  )
}
