'use client'

import type { FileWarning } from '@aelf/governance/content'
import { Badge, type Tone } from '#ui/badge.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import type { ArchiveAnswer } from './archiveProtocol.ts'

const WARNINGS: Record<FileWarning, { text: string; tone: Tone }> = {
  secret: { text: 'looks like a secret', tone: 'bad' },
  bidi: { text: 'changes the order of reading', tone: 'bad' },
  installScript: { text: 'runs on install', tone: 'warn' },
  binary: { text: 'binary', tone: 'warn' },
  large: { text: 'large', tone: 'neutral' },
  longLine: { text: 'very long line', tone: 'neutral' },
}

/** What was found in an archive: the refusal with its reason, or the tree with what to look at. */
export function ArchiveReport({ answer }: { answer: ArchiveAnswer }) {
  if (!answer.ok)
    return (
      <Notice kind="error" title="This archive is not accepted" code={answer.code} className="mt-3">
        {answer.message}
      </Notice>
    )
  const { files, unpackedBytes } = answer.archive
  const warned = files.filter(({ warnings }) => warnings.length > 0)
  return (
    <div className="mt-3">
      <p className="text-sm text-ink-2">
        {`${formatInteger(files.length)} files, ${formatInteger(unpackedBytes)} bytes unpacked. `}
        {warned.length === 0 ? 'Nothing stands out.' : `${formatInteger(warned.length)} to look at.`}
      </p>
      <ul
        aria-label="Files of the archive"
        className="mt-2 max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line"
        tabIndex={0}
      >
        {[...warned, ...files.filter(({ warnings }) => warnings.length === 0)].map(({ path, bytes, warnings }) => (
          <li key={path} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5 text-sm">
            <span className="min-w-0 font-mono text-[0.8125rem] break-all" translate="no">
              {path}
            </span>
            {warnings.map((warning) => (
              <Badge key={warning} tone={WARNINGS[warning].tone}>
                {WARNINGS[warning].text}
              </Badge>
            ))}
            <span className="num ms-auto text-ink-3">{formatInteger(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
