'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useState } from 'react'
import { cn } from '#ui/cn.ts'
import { THEME_COOKIE, type Theme } from './theme.ts'

const CHOICES = [
  { value: 'light', text: 'Light', Icon: Sun },
  { value: 'system', text: 'System', Icon: Monitor },
  { value: 'dark', text: 'Dark', Icon: Moon },
] as const

const YEAR_SECONDS = 31_536_000

/** Light, dark or as the system says; kept in a cookie so that the server draws the right one first. */
export function ThemeToggle({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial)
  const choose = (next: Theme) => {
    setTheme(next)
    if (next === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in some supported browsers
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  }
  return (
    <fieldset className="inline-flex rounded-lg bg-sunken p-0.5">
      <legend className="sr-only">Colour theme</legend>
      {CHOICES.map(({ value, text, Icon }) => (
        <button
          key={value}
          type="button"
          aria-pressed={theme === value}
          aria-label={`${text} theme`}
          title={`${text} theme`}
          onClick={() => choose(value)}
          className={cn(
            'grid h-7 w-9 place-items-center rounded-md transition-colors',
            theme === value ? 'bg-surface text-ink shadow-card' : 'text-ink-3 hover:text-ink',
          )}
        >
          <Icon size={15} aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  )
}
