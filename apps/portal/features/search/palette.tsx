'use client'

import type { SearchHit } from '@aelf/governance/domain'
import {
  ArrowUpCircle,
  Box,
  CornerDownLeft,
  FileCode2,
  FileText,
  Layers,
  RotateCw,
  Search,
  Send,
  UserRound,
  UsersRound,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import { DestinationIcon } from '#features/frame/icons.tsx'
import { destinations } from '#features/frame/navigation.ts'
import { trpc } from '#features/live/trpc.ts'
import { cn } from '#ui/cn.ts'
import { Dialog } from '#ui/dialog.tsx'
import { hrefOf } from './href.ts'

interface Entry {
  readonly key: string
  readonly href: string
  readonly title: string
  readonly detail: string
  readonly kind: string
  readonly hit?: SearchHit
}

const PLACES: readonly Entry[] = [
  ...destinations.map((item) => ({ key: item.href, href: item.href, title: item.text, detail: '', kind: 'Page' })),
  { key: '/stake/new', href: '/stake/new', title: 'Lock tokens and vote', detail: '', kind: 'Page' },
  { key: '/me', href: '/me', title: 'Your account', detail: '', kind: 'Page' },
  { key: '/explorer/blocks', href: '/explorer/blocks', title: 'Blocks', detail: '', kind: 'Page' },
  { key: '/explorer/txs', href: '/explorer/txs', title: 'Transactions', detail: '', kind: 'Page' },
  { key: '/explorer/contracts', href: '/explorer/contracts', title: 'Contracts', detail: '', kind: 'Page' },
]
const TYPING_PAUSE_MS = 140

type Answer = { readonly text: string; readonly state: 'done' | 'failed'; readonly hits: readonly SearchHit[] }

function useHits(text: string): { hits: readonly SearchHit[]; state: 'idle' | 'busy' | 'done' | 'failed' } {
  const [answer, setAnswer] = useState<Answer>({ text: '', state: 'done', hits: [] })
  useEffect(() => {
    if (text === '') return
    const abort = new AbortController()
    const timer = setTimeout(() => {
      trpc.search.query.query({ text }, { signal: abort.signal }).then(
        (view) => setAnswer({ text, state: 'done', hits: view.hits }),
        () => {
          if (!abort.signal.aborted) setAnswer({ text, state: 'failed', hits: [] })
        },
      )
    }, TYPING_PAUSE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [text])
  if (text === '') return { hits: [], state: 'idle' }
  return answer.text === text ? { hits: answer.hits, state: answer.state } : { hits: answer.hits, state: 'busy' }
}

export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const router = useRouter()
  const listId = useId()
  const text = query.trim()
  const { hits, state } = useHits(text)
  const places = PLACES.filter((place) => place.title.toLowerCase().includes(text.toLowerCase()))
  const entries: readonly Entry[] = [
    ...hits.map((hit) => ({
      key: `${hit.kind}:${hit.id}`,
      href: hrefOf(hit),
      title: hit.title,
      detail: hit.detail,
      kind: hit.kind,
      hit,
    })),
    ...places,
  ]
  const current = Math.min(active, entries.length - 1)
  const go = (entry: Entry | undefined) => {
    if (entry === undefined) return
    onOpenChange(false)
    router.push(entry.href)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive((current + step + entries.length) % Math.max(1, entries.length))
    }
    if (event.key === 'Enter') go(entries[current])
  }
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Search" bare className="sm:w-[38rem]">
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={18} className="shrink-0 text-ink-3" aria-hidden="true" />
        <input
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          placeholder="Height, hash, address or name"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length > 0 ? `${listId}-${current}` : undefined}
          aria-label="Search the network"
          autoComplete="off"
          spellCheck={false}
          className="h-14 w-full bg-transparent outline-none placeholder:text-ink-3"
        />
      </div>
      <div id={listId} role="listbox" aria-label="Results" className="p-2">
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above owns the keyboard, as a combobox does
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
          <div
            key={entry.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === current}
            onClick={() => go(entry)}
            onMouseMove={() => setActive(index)}
            className={cn(
              'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5',
              index === current && 'bg-brand-soft',
            )}
          >
            <EntryIcon entry={entry} />
            <span className="min-w-0 flex-1">
              <span className="block truncate text-[0.9375rem] font-medium">{entry.title}</span>
              {entry.detail === '' ? null : <span className="block truncate text-xs text-ink-3">{entry.detail}</span>}
            </span>
            <span className="text-xs text-ink-3 capitalize">{entry.kind}</span>
            {index === current ? <CornerDownLeft size={14} className="text-ink-3" aria-hidden="true" /> : null}
          </div>
        ))}
      </div>
      <p role="status" className="px-5 pb-4 text-sm text-ink-3 empty:hidden">
        {state === 'busy'
          ? 'Searching…'
          : state === 'failed'
            ? 'Search is not answering; pages above still open.'
            : entries.length === 0
              ? `Nothing on this network matches “${text}”.`
              : ''}
      </p>
    </Dialog>
  )
}

const HIT_ICONS = {
  block: Box,
  transaction: Send,
  account: UserRound,
  delegate: UsersRound,
  round: RotateCw,
  term: RotateCw,
  contract: FileCode2,
  token: Layers,
  position: Layers,
  collection: ArrowUpCircle,
  proposal: FileText,
} as const

function EntryIcon({ entry }: { entry: Entry }) {
  const place = destinations.find((item) => item.href === entry.href)
  if (place !== undefined) return <DestinationIcon name={place.icon} size={17} />
  const Icon = entry.hit === undefined ? CornerDownLeft : HIT_ICONS[entry.hit.kind]
  return <Icon size={17} strokeWidth={1.9} className="shrink-0 text-ink-3" aria-hidden="true" />
}
