'use client'

import type { BaseView } from '@aelf/governance/domain'
import { useState } from 'react'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import type { ArchiveReader } from './archiveReader.ts'
import { ArchiveReport } from './archiveReport.tsx'
import { FileView } from './fileView.tsx'

interface BrowserProps {
  reader: ArchiveReader
  answer: ArchiveAnswer
  base: BaseView | undefined
}

/** The files of an opened archive, each to be read, and compared where there is something to compare with. */
export function ArchiveBrowser({ reader, answer, base }: BrowserProps) {
  const [path, setPath] = useState<string | undefined>(undefined)
  return (
    <div>
      <p className="mt-1 text-sm text-ink-3">{comparison(answer, base)}</p>
      <ArchiveReport answer={answer} selected={path} onSelect={setPath} />
      {path === undefined ? null : <FileView key={path} reader={reader} path={path} />}
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
