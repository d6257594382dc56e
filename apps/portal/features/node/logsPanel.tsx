'use client'

import type { LogLevel, OperatorLogLine } from '@aelf/governance/domain'
import { Pause, Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { cn } from '#ui/cn.ts'
import { EmptyState, Notice, SkeletonRows } from '#ui/notice.tsx'
import { Panel } from '#ui/panel.tsx'
import { useInBrowser } from '#ui/time/clock.tsx'
import type { NodeConsole } from './useNodeConsole.ts'
import { useNodeLogs } from './useNodeStatus.ts'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const LEVEL_TEXT: Readonly<Record<string, string>> = {
  debug: 'Everything',
  info: 'Info and worse',
  warn: 'Warnings and errors',
  error: 'Errors only',
}
const TONE: Readonly<Record<LogLevel, string>> = {
  debug: 'text-ink-3',
  info: 'text-ink-2',
  warn: 'text-warn',
  error: 'text-bad',
}

/** What the node writes down, as it writes it. */
export function LogsPanel({ console, token }: { console: NodeConsole; token: string }) {
  const [level, setLevel] = useState<LogLevel>('info')
  const [held, setHeld] = useState<readonly OperatorLogLine[] | undefined>(undefined)
  const { value, failure } = useNodeLogs(console, token, level)
  const lines = held ?? value
  return (
    <Panel
      id="logs"
      title="Logs"
      note={held === undefined ? 'Newest first, as they are written' : 'Held: new lines are not shown'}
      flush
      aside={
        <div className="flex flex-wrap items-center gap-2">
          <label htmlFor="log-level" className="sr-only">
            Level
          </label>
          <select
            id="log-level"
            value={level}
            onChange={(event) => {
              setHeld(undefined)
              setLevel(LEVELS.find((candidate) => candidate === event.target.value) ?? 'info')
            }}
            className="h-8 rounded-lg border border-line-strong/60 bg-surface px-2 text-sm"
          >
            {LEVELS.map((candidate) => (
              <option key={candidate} value={candidate}>
                {LEVEL_TEXT[candidate]}
              </option>
            ))}
          </select>
          <Button
            size="small"
            aria-pressed={held !== undefined}
            onClick={() => setHeld(held === undefined ? value : undefined)}
          >
            {held === undefined ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
            <span>{held === undefined ? 'Hold' : 'Follow'}</span>
          </Button>
        </div>
      }
    >
      {lines === undefined ? (
        failure === undefined ? (
          <SkeletonRows rows={4} />
        ) : (
          <Notice kind="error" className="m-5" title="The logs can’t be read now" code={failure.code} />
        )
      ) : lines.length === 0 ? (
        <EmptyState title="Nothing at this level" />
      ) : (
        <div className="max-h-96 overflow-y-auto" role="log" aria-label="Log lines" aria-live="off" tabIndex={0}>
          <ol className="divide-y divide-line/60 font-mono text-xs/5">
            {keyed(lines).map(({ key, line }) => (
              <Line key={key} line={line} />
            ))}
          </ol>
        </div>
      )}
    </Panel>
  )
}

/** Newest first; equal lines of one moment are told apart by how many came before. */
function keyed(lines: readonly OperatorLogLine[]): { key: string; line: OperatorLogLine }[] {
  const seen = new Map<string, number>()
  return lines
    .toSorted((a, b) => b.timeMs - a.timeMs)
    .map((line) => {
      const name = `${line.timeMs} ${line.level} ${line.message}`
      const count = seen.get(name) ?? 0
      seen.set(name, count + 1)
      return { key: `${name} ${count}`, line }
    })
}

function Line({ line }: { line: OperatorLogLine }) {
  const inBrowser = useInBrowser()
  const fields = Object.entries(line.fields)
  const time = new Date(line.timeMs)
  return (
    <li className="flex flex-wrap gap-x-3 px-5 py-1.5 sm:flex-nowrap" translate="no">
      <time dateTime={time.toISOString()} className="shrink-0 text-ink-3">
        {inBrowser ? time.toLocaleTimeString('en-GB') : time.toISOString().slice(11, 19)}
      </time>
      <span className={cn('w-11 shrink-0 font-semibold', TONE[line.level] ?? 'text-ink-2')}>{line.level}</span>
      <span className="min-w-0 break-words">
        <span>{line.message}</span>
        {fields.length === 0 ? null : (
          <span className="text-ink-3">
            {fields
              .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
              .join('')}
          </span>
        )}
      </span>
    </li>
  )
}
