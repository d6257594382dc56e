'use client'

import { Download, RotateCw } from 'lucide-react'
import { nodeUrl } from '#features/network/nodeUrl.ts'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Link } from '#ui/link.tsx'
import { Notice } from '#ui/notice.tsx'
import { Pinned } from './pinned.tsx'
import type { ProofOutcome } from './protocol.ts'
import { Report } from './report.tsx'
import type { ProofRequest } from './request.ts'
import type { ProofState } from './useProof.ts'

interface PanelProps {
  request: ProofRequest
  proof: ProofState
  onClose: () => void
  onAgain: () => void
}

/** The proof of one fact: verdict, steps, what was shown, what is pinned. */
export function ProofPanel({ request, proof, onClose, onAgain }: PanelProps) {
  const outcome = 'outcome' in proof ? proof.outcome : undefined
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={`Proof: ${request.label.toLowerCase()}`}
      description={`Fetched from the node at ${new URL(nodeUrl()).host}, checked in this browser`}
      className="sm:w-[34rem]"
    >
      <div className="grid grid-cols-1 gap-5 px-5 pb-6">
        {proof.state === 'failed' ? (
          <Notice kind="error" title={proof.failure.title} code={proof.failure.code}>
            {proof.failure.help}
          </Notice>
        ) : null}
        {proof.state !== 'failed' && outcome === undefined ? (
          <p role="status" className="shimmer rounded-xl px-4 py-3 text-sm text-ink-2">
            Asking the node for headers and hashes…
          </p>
        ) : null}
        {outcome === undefined ? null : (
          <Report outcome={outcome} subject={request.subject} pageHeight={BigInt(request.height)} />
        )}
        <div className="flex flex-wrap gap-2">
          {outcome?.bundle === undefined ? null : <DownloadButton outcome={outcome} name={request.label} />}
          {proof.state === 'working' ? null : (
            <Button size="small" onClick={onAgain}>
              <RotateCw size={15} aria-hidden="true" />
              <span>Check again</span>
            </Button>
          )}
        </div>
        <div className="border-t border-line pt-4">
          <Pinned onForget={onAgain} />
          <p className="mt-3 text-sm text-ink-3">
            A downloaded proof can be checked without any network on the{' '}
            <Link href="/verify" className="link">
              verify page
            </Link>
            .
          </p>
        </div>
      </div>
    </Dialog>
  )
}

function DownloadButton({ outcome, name }: { outcome: ProofOutcome; name: string }) {
  const download = () => {
    const file = new Blob([JSON.stringify(outcome.bundle, null, 1)], { type: 'application/json' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = `aelf-proof-${name.toLowerCase().replaceAll(' ', '-')}-${outcome.report.height ?? 0}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }
  return (
    <Button size="small" onClick={download}>
      <Download size={15} aria-hidden="true" />
      <span>Download proof</span>
    </Button>
  )
}
