'use client'

import { ARCHIVE_MAX_BYTES, type BaseView } from '@aelf/governance/domain'
import { useEffect, useRef, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import { type ArchiveReader, createArchiveReader } from './archiveReader.ts'
import { ArchiveReport } from './archiveReport.tsx'
import { FailureNotice, HandIn, OtherContent } from './contentNotice.tsx'
import { type Fetched, fetchContent, fetchRelease } from './contents.ts'
import { FileView } from './fileView.tsx'
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
  readonly compared: boolean
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
    setOpened({ reader: next, answer, compared: before !== undefined })
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

async function fetchBase(base: BaseView | undefined): Promise<Blob | undefined> {
  if (base?.source === 'release') return fetchRelease()
  if (base?.source !== 'archive') return undefined
  const found = await fetchContent(base.archiveHash)
  return found.kind === 'here' ? found.blob : undefined
}

function OpenedSource({ opened, base }: { opened: Opened; base: BaseView | undefined }) {
  const [path, setPath] = useState<string | undefined>(undefined)
  const { reader, answer, compared } = opened
  return (
    <div>
      <CheckedHere what="archive" />
      <p className="mt-1 text-sm text-ink-3">
        {compared
          ? base?.source === 'archive'
            ? 'Compared with the archive of the proposal that brought the collection in force.'
            : 'Compared with the source of the collection in force, as this release has it (aelf collection source).'
          : 'Compared with nothing: the source of the collection in force is not kept here.'}
      </p>
      <ArchiveReport answer={answer} selected={path} onSelect={setPath} />
      {path === undefined ? null : <FileView key={path} reader={reader} path={path} />}
      {answer.ok ? null : (
        <Notice kind="warn" title="Its hash is the proposed one, and still nobody should unpack it" className="mt-3">
          A reviewer who cannot read it should decline.
        </Notice>
      )}
    </div>
  )
}
