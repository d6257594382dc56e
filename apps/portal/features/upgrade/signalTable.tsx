'use client'

import type { SignalStripView } from '@aelf/governance/domain'
import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'

/** The blocks of a strip as a list, newest first; drawn when it is asked for. */
export function SignalTable({ blocks }: { blocks: SignalStripView['blocks'] }) {
  const [open, setOpen] = useState(false)
  return (
    <div className="mt-3">
      <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the list' : 'Block by block'}
      </Button>
      {open ? (
        <ol className="mt-3 max-h-96 divide-y divide-line overflow-y-auto rounded-xl border border-line">
          {blocks.toReversed().map(({ height, producer, producerName, signal, support }) => (
            <li key={height.toString()} className="flex flex-wrap items-center gap-x-4 px-4 py-1.5 text-sm">
              <Link href={`/explorer/blocks/${height}`} className="link num inline-flex min-h-6 w-24 items-center">
                {formatInteger(height)}
              </Link>
              <span className="min-w-0 flex-1 truncate" translate="no">
                {producerName ?? shorten(producer)}
              </span>
              {signal === undefined ? (
                <span className="text-ink-3">none</span>
              ) : (
                <Link
                  href={`/upgrades/${signal}`}
                  className="link inline-flex min-h-6 items-center font-mono text-[0.8125rem]"
                  translate="no"
                >
                  {shorten(signal, 8, 6)}
                </Link>
              )}
              <span className="num w-20 text-end text-ink-3">{`support ${support}`}</span>
            </li>
          ))}
        </ol>
      ) : null}
    </div>
  )
}
