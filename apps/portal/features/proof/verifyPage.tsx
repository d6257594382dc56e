'use client'

import { FileJson } from 'lucide-react'
import { type DragEvent, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { Pinned } from './pinned.tsx'
import { Report } from './report.tsx'
import { useProver } from './useProof.ts'

const MAX_FILE_BYTES = 8_000_000

/** Checks a downloaded proof without asking any server. */
export function VerifyFile() {
  const { proof, check, reset } = useProver()
  const [name, setName] = useState<string | undefined>(undefined)
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined) => {
    if (file === undefined) return
    setName(file.name)
    check(file.size > MAX_FILE_BYTES ? undefined : parse(await file.text()))
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  const outcome = 'outcome' in proof ? proof.outcome : undefined
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
      <Panel id="file" title="Proof file">
        <label
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
          className={cn(
            'flex min-h-44 cursor-pointer flex-col items-center justify-center gap-2 rounded-xl border-2 border-dashed px-4 py-8 text-center focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-brand',
            over ? 'border-brand bg-brand-soft' : 'border-line-strong',
          )}
        >
          <FileJson size={28} aria-hidden="true" className="text-ink-3" />
          <span className="font-medium">{name ?? 'Drop a proof here, or choose a file'}</span>
          <span className="text-sm text-ink-3">Nothing is sent anywhere. It also works without a network.</span>
          <input
            type="file"
            accept="application/json,.json"
            className="sr-only"
            onChange={(event) => void take(event.target.files?.[0])}
          />
        </label>
        <div className="mt-5">
          <Pinned onForget={reset} />
        </div>
      </Panel>
      <Panel id="result" title="Result">
        {proof.state === 'idle' ? <p className="text-sm text-ink-3">Choose a file to see what it proves.</p> : null}
        {proof.state === 'failed' ? (
          <Notice kind="error" title={proof.failure.title} code={proof.failure.code}>
            {proof.failure.help}
          </Notice>
        ) : null}
        {outcome === undefined ? null : (
          <>
            <Report outcome={outcome} subject={outcome.bundle?.subject ?? { kind: 'state' }} />
            <div className="mt-4">
              <Button size="small" onClick={reset}>
                Clear
              </Button>
            </div>
          </>
        )}
      </Panel>
    </div>
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
