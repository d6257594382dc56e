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
import { readSourceHref, type SourcePlace } from './sourcePlace.ts'

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
  const place = useSourcePlace()
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address that names a line opens the archive once
  useEffect(() => {
    if (place !== undefined && kept && opened === undefined && !busy) void load()
  }, [place])
  return (
    <Panel id="source" title="Source" note="Hashed, unpacked and compared in this browser; nothing of it runs">
      {opened !== undefined ? (
        <OpenedSource opened={opened} base={base} place={place} />
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

/** The line that the address of this page names. */
function useSourcePlace(): SourcePlace | undefined {
  const [place, setPlace] = useState<SourcePlace | undefined>(undefined)
  useEffect(() => {
    const read = (): void => {
      const found = readSourceHref(window.location.hash)
      if (found !== undefined) setPlace(found)
    }
    read()
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  return place
}

interface OpenedProps {
  opened: Opened
  base: BaseView | undefined
  place: SourcePlace | undefined
}

function OpenedSource({ opened, base, place }: OpenedProps) {
  const { reader, answer } = opened
  return (
    <div>
      <CheckedHere what="archive" />
      <ArchiveBrowser reader={reader} answer={answer} base={base} place={place} />
      {answer.ok ? null : (
        <Notice kind="warn" title="Its hash is the proposed one, and still nobody should unpack it" className="mt-3">
          A reviewer who cannot read it should decline.
        </Notice>
      )}
    </div>
  )
}
