'use client'

import { PROPOSAL_TEXT_MAX_BYTES, type ProposalView } from '@aelf/governance/domain'
import { useState } from 'react'
import { Notice } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import { readInWorker } from './archiveReader.ts'
import { ArchiveReport } from './archiveReport.tsx'
import { FileField } from './fileField.tsx'
import { Markdown } from './markdown.tsx'
import { sha256 } from './sha256.ts'

type TextAnswer = { readonly hash: `0x${string}`; readonly text: string } | { readonly refused: string }

async function readText(file: File): Promise<TextAnswer> {
  if (file.size > PROPOSAL_TEXT_MAX_BYTES) return { refused: `It is larger than ${PROPOSAL_TEXT_MAX_BYTES} bytes.` }
  const bytes = await file.arrayBuffer()
  try {
    return { hash: await sha256(bytes), text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { refused: 'It is no UTF-8 text.' }
  }
}

/** Files at hand against the hashes on the chain: hashed, read and shown in this browser, sent nowhere. */
export function ContentCheck({ proposal }: { proposal: Pick<ProposalView, 'textHash' | 'archiveHash'> }) {
  const [text, setText] = useState<TextAnswer | undefined>(undefined)
  const [archive, setArchive] = useState<ArchiveAnswer | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const openArchive = async (file: File): Promise<void> => {
    setBusy(true)
    setArchive(await readInWorker(file).finally(() => setBusy(false)))
  }
  const archiveHash = archive?.ok === true ? archive.archive.hash : archive?.hash
  return (
    <Panel id="check" title="Read it, and check it" note="Files stay in this browser; nothing is sent">
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <FileField
          label="Text of the proposal"
          hint="Choose or drop the .md file"
          accept=".md,.txt,text/plain,text/markdown"
          onFile={(file) => void readText(file).then(setText)}
        />
        <FileField
          label={busy ? 'Reading…' : 'Archive file'}
          hint="Choose or drop the .tar.gz or .zip"
          accept=".gz,.tgz,.zip,application/gzip,application/zip"
          onFile={(file) => void openArchive(file)}
        />
      </div>
      <div aria-live="polite">
        {text === undefined ? null : 'refused' in text ? (
          <Notice kind="error" title="This text is not accepted" className="mt-4">
            {text.refused}
          </Notice>
        ) : (
          <section aria-label="Text" className="mt-4">
            <Match what="text" found={text.hash} wanted={proposal.textHash} />
            <div className="mt-3">
              <Markdown text={text.text} />
            </div>
          </section>
        )}
        {archive === undefined ? null : (
          <section aria-label="Archive" className="mt-4">
            {archiveHash === undefined ? null : (
              <Match what="archive" found={archiveHash} wanted={proposal.archiveHash} />
            )}
            <ArchiveReport answer={archive} />
          </section>
        )}
      </div>
    </Panel>
  )
}

function Match({ what, found, wanted }: { what: string; found: string; wanted: string }) {
  return found === wanted ? (
    <Notice title={`This is the ${what} that was proposed`}>Its SHA-256 equals the one on the chain.</Notice>
  ) : (
    <Notice kind="error" title={`This is not the ${what} that was proposed`} code={found}>
      Its SHA-256 differs from the one on the chain. Do not choose by it.
    </Notice>
  )
}
