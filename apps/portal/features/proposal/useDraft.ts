'use client'

import { useEffect, useState } from 'react'

export interface Draft {
  readonly title: string
  readonly text: string
}

const KEY = 'aelf.proposal.draft'
const EMPTY: Draft = { title: '', text: '' }

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' &&
  value !== null &&
  'title' in value &&
  typeof value.title === 'string' &&
  'text' in value &&
  typeof value.text === 'string'

function load(): Draft {
  try {
    const value: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? 'null')
    return isDraft(value) ? value : EMPTY
  } catch {
    return EMPTY
  }
}

/** A draft that survives a reload. Until the browser has read it, it is empty, as on the server. */
export function useDraft(): readonly [Draft, (draft: Draft) => void] {
  const [draft, setDraft] = useState<Draft>(EMPTY)
  useEffect(() => setDraft(load()), [])
  const change = (next: Draft): void => {
    setDraft(next)
    try {
      window.localStorage.setItem(KEY, JSON.stringify(next))
    } catch {
      // Storage may be full or forbidden; the draft then lives as long as the page.
    }
  }
  return [draft, change]
}
