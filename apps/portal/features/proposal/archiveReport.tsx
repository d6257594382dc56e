'use client'

import type { FileWarning } from '@aelf/governance/content'
import { useState } from 'react'
import { Badge, type Tone } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import type { ArchiveAnswer, ArchiveFileSummary, FileChange } from './archiveProtocol.ts'

const WARNINGS: Record<FileWarning, { text: string; tone: Tone }> = {
  secret: { text: 'looks like a secret', tone: 'bad' },
  bidi: { text: 'changes the order of reading', tone: 'bad' },
  installScript: { text: 'runs on install', tone: 'warn' },
  binary: { text: 'binary', tone: 'warn' },
  large: { text: 'large', tone: 'neutral' },
  longLine: { text: 'very long line', tone: 'neutral' },
}

const CHANGES: Record<Exclude<FileChange, 'same'>, { text: string; tone: Tone }> = {
  added: { text: 'added', tone: 'support' },
  changed: { text: 'changed', tone: 'brand' },
  removed: { text: 'removed', tone: 'oppose' },
}

/** Rows drawn before somebody asks for more. */
const ROWS_AT_ONCE = 50

interface ReportProps {
  answer: ArchiveAnswer
  selected: string | undefined
  onSelect: (path: string) => void
}

/** What was found in an archive: the refusal with its reason, or the tree with what to look at. */
export function ArchiveReport({ answer, selected, onSelect }: ReportProps) {
  const [shown, setShown] = useState(ROWS_AT_ONCE)
  if (!answer.ok)
    return (
      <Notice kind="error" title="This archive is not accepted" code={answer.code} className="mt-3">
        {answer.message}
      </Notice>
    )
  const { files } = answer.archive
  return (
    <div className="mt-3">
      <p className="text-sm text-ink-2">{summaryOf(answer.archive)}</p>
      <ul
        aria-label="Files of the archive"
        className="mt-2 max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line"
        tabIndex={0}
      >
        {files.slice(0, shown).map((file) => (
          <li key={file.path}>
            <button
              type="button"
              aria-pressed={file.path === selected}
              onClick={() => onSelect(file.path)}
              className={cn(ROW, 'w-full text-start', file.path === selected ? 'bg-brand-soft' : 'hover:bg-sunken')}
            >
              <FileRow file={file} />
            </button>
          </li>
        ))}
      </ul>
      {shown < files.length ? (
        <Button size="small" className="mt-2" onClick={() => setShown(shown + 5 * ROWS_AT_ONCE)}>
          {`More: ${formatInteger(shown)} of ${formatInteger(files.length)} files are shown`}
        </Button>
      ) : null}
    </div>
  )
}

const ROW = 'flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-sm'

function summaryOf({ files, unpackedBytes }: { files: readonly ArchiveFileSummary[]; unpackedBytes: number }): string {
  const counted = (change: FileChange): number => files.filter((file) => file.change === change).length
  const removed = counted('removed')
  const warned = files.filter(({ warnings }) => warnings.length > 0).length
  return [
    `${formatInteger(files.length - removed)} files, ${formatInteger(unpackedBytes)} bytes unpacked.`,
    warned === 0 ? 'Nothing stands out.' : `${formatInteger(warned)} to look at.`,
    ...(files.some(({ change }) => change !== undefined)
      ? [`${counted('changed')} changed, ${counted('added')} added, ${removed} removed.`]
      : []),
  ].join(' ')
}

function FileRow({ file: { path, bytes, warnings, change } }: { file: ArchiveFileSummary }) {
  return (
    <>
      <span className="min-w-0 font-mono text-[0.8125rem] break-all" translate="no">
        {path}
      </span>
      {change === undefined || change === 'same' ? null : (
        <Badge tone={CHANGES[change].tone}>{CHANGES[change].text}</Badge>
      )}
      {warnings.map((warning) => (
        <Badge key={warning} tone={WARNINGS[warning].tone}>
          {WARNINGS[warning].text}
        </Badge>
      ))}
      <span className="num ms-auto text-ink-3">{formatInteger(bytes)}</span>
    </>
  )
}
