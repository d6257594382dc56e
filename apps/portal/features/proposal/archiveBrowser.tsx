'use client'

import type { BaseView } from '@aelf/governance/domain'
import { useEffect, useState } from 'react'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import type { ArchiveReader } from './archiveReader.ts'
import { ArchiveReport } from './archiveReport.tsx'
import { FileView } from './fileView.tsx'
import { pathInArchive, type SourcePlace } from './sourcePlace.ts'

interface BrowserProps {
  reader: ArchiveReader
  answer: ArchiveAnswer
  base: BaseView | undefined
  /** A line to open. */
  place?: SourcePlace | undefined
}

/** The files of an opened archive, each to be read, and compared where there is something to compare with. */
export function ArchiveBrowser({ reader, answer, base, place }: BrowserProps) {
  const [chosen, setChosen] = useState<{ readonly path: string; readonly line?: number } | undefined>(undefined)
  useEffect(() => {
    if (place === undefined || !answer.ok) return
    const path = pathInArchive(
      answer.archive.files.map((file) => file.path),
      place.file,
    )
    if (path !== undefined) setChosen({ path, line: place.line })
  }, [place, answer])
  const path = chosen?.path
  return (
    <div>
      <p className="mt-1 text-sm text-ink-3">{comparison(answer, base)}</p>
      <ArchiveReport answer={answer} selected={path} onSelect={(selected) => setChosen({ path: selected })} />
      {chosen === undefined ? null : (
        <FileView key={`${chosen.path}:${chosen.line ?? ''}`} reader={reader} path={chosen.path} line={chosen.line} />
      )}
    </div>
  )
}

function comparison(answer: ArchiveAnswer, base: BaseView | undefined): string {
  if (!answer.ok) return ''
  if (!answer.archive.files.some(({ path }) => path === 'collection.json'))
    return 'No source of a collection, so there is nothing to compare it with.'
  if (!answer.archive.files.some(({ change }) => change !== undefined))
    return 'Compared with nothing: the source of the collection in force is not known here.'
  return base?.source === 'archive'
    ? 'Compared with the archive of the proposal that brought the collection in force.'
    : 'Compared with the source of the collection in force, as this release has it (aelf collection source).'
}
