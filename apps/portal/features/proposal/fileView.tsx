'use client'

import type { DiffHunk, DiffLine } from '@aelf/governance/content'
import { useEffect, useRef, useState } from 'react'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { Notice, SkeletonRows } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Tabs } from '#ui/tabs.tsx'
import type { FileAnswer } from './archiveProtocol.ts'
import type { ArchiveReader } from './archiveReader.ts'

/** Lines drawn before somebody asks for more. */
const LINES_AT_ONCE = 500
/** Lines after one that is pointed at. */
const LINES_AROUND = 50
const TABS = [
  { id: 'diff', text: 'Difference' },
  { id: 'file', text: 'Whole file' },
] as const

/** One file of an archive, and what changed in it. */
export function FileView({ reader, path, line }: { reader: ArchiveReader; path: string; line?: number | undefined }) {
  const [answer, setAnswer] = useState<FileAnswer | undefined>(undefined)
  const [tab, setTab] = useState<'diff' | 'file'>(line === undefined ? 'diff' : 'file')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus()
    void reader.file(path).then(setAnswer)
  }, [reader, path])
  return (
    <section aria-label={path} className="mt-4 overflow-hidden rounded-lg border border-line">
      <h3
        ref={heading}
        tabIndex={-1}
        className="border-b border-line bg-sunken px-3 py-2 font-mono text-[0.8125rem] break-all outline-none"
        translate="no"
      >
        {path}
      </h3>
      {answer === undefined ? (
        <SkeletonRows rows={3} />
      ) : answer.kind !== 'text' ? (
        <Notice className="m-3" title={answer.kind === 'binary' ? 'It is no text' : 'It cannot be shown'}>
          Unpack the archive to look at its bytes.
        </Notice>
      ) : answer.diff === undefined ? (
        <Lines lines={answer.lines} marked={line} />
      ) : (
        <Tabs label="View" tabs={TABS} value={tab} onChange={setTab} flush>
          {tab === 'diff' ? <Difference hunks={answer.diff} /> : <Lines lines={answer.lines} marked={line} />}
        </Tabs>
      )}
    </section>
  )
}

const CODE = 'max-h-[36rem] overflow-auto py-2 font-mono text-xs/5'
const NUMBER = 'inline-block w-11 shrink-0 pe-3 text-end text-ink-3 select-none'

function Lines({ lines, marked }: { lines: readonly string[]; marked: number | undefined }) {
  const [shown, setShown] = useState(Math.max(LINES_AT_ONCE, (marked ?? 0) + LINES_AROUND))
  const target = useRef<HTMLLIElement>(null)
  useEffect(() => target.current?.scrollIntoView({ block: 'center' }), [])
  return (
    <>
      <section tabIndex={0} aria-label="Lines" className={CODE} translate="no">
        <ol>
          {lines.slice(0, shown).map((line, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a file never change
              key={index}
              ref={index + 1 === marked ? target : undefined}
              aria-current={index + 1 === marked ? 'location' : undefined}
              className={cn('flex min-w-max', index + 1 === marked && 'bg-warn-soft')}
            >
              <span className={NUMBER} aria-hidden="true">
                {index + 1}
              </span>
              <code className="pe-3 whitespace-pre">{line}</code>
            </li>
          ))}
        </ol>
      </section>
      {shown < lines.length ? (
        <div className="border-t border-line p-3">
          <Button size="small" onClick={() => setShown(shown + 4 * LINES_AT_ONCE)}>
            {`More: ${formatInteger(shown)} of ${formatInteger(lines.length)} lines are shown`}
          </Button>
        </div>
      ) : null}
    </>
  )
}

const MARKS = { same: ' ', added: '+', removed: '−' } as const
const TINTS = { same: '', added: 'bg-support-soft', removed: 'bg-oppose-soft' } as const
const SPOKEN = { same: '', added: 'added: ', removed: 'removed: ' } as const

function Difference({ hunks }: { hunks: readonly DiffHunk[] }) {
  const [shown, setShown] = useState(LINES_AT_ONCE)
  if (hunks.length === 0) return <p className="p-3 text-sm text-ink-2">It is the same in the collection in force.</p>
  const total = hunks.reduce((sum, hunk) => sum + hunk.length, 0)
  return (
    <>
      <section tabIndex={0} aria-label="Changed lines" className={CODE} translate="no">
        {cut(hunks, shown).map((hunk, index) => (
          <ol
            key={`${hunk[0]?.before ?? ''} ${hunk[0]?.after ?? ''}`}
            className={cn('min-w-max', index > 0 && 'mt-2 border-t border-dashed border-line pt-2')}
          >
            {hunk.map((line) => (
              <ChangedLine key={`${line.before ?? ''} ${line.after ?? ''}`} line={line} />
            ))}
          </ol>
        ))}
      </section>
      {shown < total ? (
        <div className="border-t border-line p-3">
          <Button size="small" onClick={() => setShown(shown + 4 * LINES_AT_ONCE)}>
            {`More: ${formatInteger(shown)} of ${formatInteger(total)} lines are shown`}
          </Button>
        </div>
      ) : null}
    </>
  )
}

/** The first lines of all hunks together. */
function cut(hunks: readonly DiffHunk[], most: number): DiffHunk[] {
  let left = most
  return hunks.flatMap((hunk) => {
    const part = hunk.slice(0, Math.max(0, left))
    left -= hunk.length
    return part.length === 0 ? [] : [part]
  })
}

function ChangedLine({ line }: { line: DiffLine }) {
  return (
    <li className={cn('flex', TINTS[line.kind])}>
      <span className={NUMBER} aria-hidden="true">
        {line.before ?? ''}
      </span>
      <span className={NUMBER} aria-hidden="true">
        {line.after ?? ''}
      </span>
      <span className="w-4 shrink-0" aria-hidden="true">
        {MARKS[line.kind]}
      </span>
      <code className="pe-3 whitespace-pre">
        <span className="sr-only">{SPOKEN[line.kind]}</span>
        {line.text}
      </code>
    </li>
  )
}
