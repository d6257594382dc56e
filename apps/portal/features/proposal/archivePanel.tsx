'use client'

import type { BaseView } from '@aelf/governance/domain'
import { useEffect, useRef } from 'react'
import { Button } from '#ui/button.tsx'
import { Panel } from '#ui/panel.tsx'
import { ArchiveBrowser } from './archiveBrowser.tsx'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import { type ArchiveReader, createArchiveReader } from './archiveReader.ts'
import { BuildReport } from './buildReport.tsx'
import { FailureNotice } from './contentNotice.tsx'
import { fetchBase } from './contents.ts'
import { FileField } from './fileField.tsx'
import type { CheckState } from './useArchiveCheck.ts'

export interface ChosenArchive {
  readonly file: File
  readonly answer: ArchiveAnswer
  readonly reader: ArchiveReader
}

interface ArchivePanelProps {
  archive: ChosenArchive | undefined
  onArchive: (archive: ChosenArchive | undefined) => void
  state: CheckState
  onCheck: (hash: `0x${string}`, archive: Blob) => void
  base: BaseView | undefined
}

/** The archive: read here first, and handed in only when somebody says so. */
export function ArchivePanel({ archive, onArchive, state, onCheck, base }: ArchivePanelProps) {
  const answer = archive?.answer
  const reader = useRef<ArchiveReader | undefined>(undefined)
  useEffect(() => () => reader.current?.close(), [])
  const choose = async (file: File): Promise<void> => {
    // The one before is not handed in by mistake while this one is read.
    onArchive(undefined)
    reader.current?.close()
    const next = createArchiveReader()
    reader.current = next
    const found = await next.open(file, await fetchBase(base))
    // A later choice has taken its place.
    if (reader.current === next) onArchive({ file, answer: found, reader: next })
  }
  const busy = state.step === 'sending' || state.step === 'waiting'
  const isCurrent = state.step === 'done' && answer?.ok === true && state.check.archiveHash === answer.archive.hash
  return (
    <Panel
      id="archive"
      title="Source archive"
      note="Hashed and unpacked in this browser; it leaves it when you hand it in"
    >
      <FileField
        label="Archive file"
        hint="Choose or drop the .tar.gz or .zip, at most 10 MiB"
        accept=".gz,.tgz,.zip,application/gzip,application/zip"
        onFile={(file) => void choose(file)}
      />
      <p className="mt-2 text-sm text-ink-3">
        <span>To begin with: </span>
        <a href="/api/collection/source" download="aelf-collection.tar.gz" className="link">
          the source of this release’s collection
        </a>
        <span>, the same as of aelf collection source.</span>
      </p>
      <div aria-live="polite">
        {archive === undefined ? null : (
          <ArchiveBrowser
            key={archive.answer.ok ? archive.answer.archive.hash : archive.answer.hash}
            reader={archive.reader}
            answer={archive.answer}
            base={base}
          />
        )}
      </div>
      {archive === undefined || answer?.ok !== true ? null : (
        <div className="mt-4 border-t border-line pt-4">
          <p className="mb-3 text-sm text-ink-2">
            The server keeps it under its hash for reviewers, reads it again and, when it is a collection, builds the
            bundle. Without a proposal that names it, it is removed after a day.
          </p>
          {isCurrent ? null : (
            <Button disabled={busy} onClick={() => onCheck(answer.archive.hash, archive.file)}>
              {state.step === 'sending' ? 'Handing in…' : busy ? 'The server builds it…' : 'Hand in and build'}
            </Button>
          )}
          <div aria-live="polite">
            {isCurrent ? <BuildReport check={state.check} /> : null}
            {state.step === 'failed' ? <FailureNotice failure={state.failure} className="mt-3" /> : null}
          </div>
        </div>
      )}
    </Panel>
  )
}
