'use client'

import { ARCHIVE_MAX_BYTES, type BaseView } from '@aelf/governance/domain'
import { useEffect, useRef, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { ArchiveBrowser } from './archiveBrowser.tsx'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import { type ArchiveReader, createArchiveReader } from './archiveReader.ts'
import { FailureNotice, HandIn, OtherContent } from './contentNotice.tsx'
import { type Fetched, fetchBase, fetchContent } from './contents.ts'
import { CheckedHere } from './proposalText.tsx'

interface SourceProps {
  archiveHash: `0x${string}`
  archiveBytes: number
  kept: boolean
  base: BaseView | undefined
}

interface Opened {
  readonly reader: ArchiveReader
  readonly answer: ArchiveAnswer
}

/** The proposed archive: hashed, unpacked and compared with the collection in force in this browser; nothing of it runs. */
export function SourcePanel({ archiveHash, archiveBytes, kept, base }: SourceProps) {
  const [opened, setOpened] = useState<Opened | undefined>(undefined)
  const [failure, setFailure] = useState<Exclude<Fetched, { kind: 'here' }> | undefined>(undefined)
  const [busy, setBusy] = useState(false)
  const reader = useRef<ArchiveReader | undefined>(undefined)
  useEffect(() => () => reader.current?.close(), [])

  const open = async (archive: Blob): Promise<void> => {
    setBusy(true)
    const before = await fetchBase(base)
    reader.current?.close()
    const next = createArchiveReader()
    reader.current = next
    const answer = await next.open(archive, before)
    setOpened({ reader: next, answer })
    setBusy(false)
  }
  const load = async (): Promise<void> => {
    setBusy(true)
    setFailure(undefined)
    const found = await fetchContent(archiveHash)
    if (found.kind === 'here') return open(found.blob)
    setFailure(found)
    setBusy(false)
  }
  return (
    <Panel id="source" title="Source" note="Hashed, unpacked and compared in this browser; nothing of it runs">
      {opened !== undefined ? (
        <OpenedSource opened={opened} base={base} />
      ) : kept ? (
        <>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <Button onClick={() => void load()} disabled={busy}>
              {busy ? 'Reading…' : `Open the archive, ${formatInteger(archiveBytes)} bytes`}
            </Button>
            <a
              href={`/api/content/${archiveHash}`}
              download={archiveHash}
              className="link inline-flex min-h-6 items-center"
            >
              Download it
            </a>
          </div>
          <div aria-live="polite" className="empty:hidden">
            {failure === undefined ? null : failure.kind === 'other' ? (
              <OtherContent what="archive" />
            ) : (
              <FailureNotice failure={failure.failure} className="mt-3" />
            )}
          </div>
        </>
      ) : (
        <HandIn
          what="archive"
          hash={archiveHash}
          accept=".gz,.tgz,.zip,application/gzip,application/zip"
          maxBytes={ARCHIVE_MAX_BYTES}
          hint="Choose or drop the .tar.gz or .zip"
          onFile={(file) => void open(file)}
        />
      )}
    </Panel>
  )
}

function OpenedSource({ opened, base }: { opened: Opened; base: BaseView | undefined }) {
  const { reader, answer } = opened
  return (
    <div>
      <CheckedHere what="archive" />
      <ArchiveBrowser reader={reader} answer={answer} base={base} />
      {answer.ok ? null : (
        <Notice kind="warn" title="Its hash is the proposed one, and still nobody should unpack it" className="mt-3">
          A reviewer who cannot read it should decline.
        </Notice>
      )}
    </div>
  )
}
