'use client'

import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { savePins, usePins } from './pins.ts'

const dayOf = (ms: number): string => new Date(ms).toLocaleDateString('en-GB', { dateStyle: 'long' })

/** What this browser has pinned, and the way to forget it; forgetting asks once more. */
export function Pinned({ onForget }: { onForget?: (() => void) | undefined }) {
  const pins = usePins()
  const [asking, setAsking] = useState(false)
  if (pins === undefined) {
    return (
      <p className="text-sm text-ink-3">
        Nothing is pinned yet. The first proof that holds pins the network and its producers in this browser; from then
        on only lists those producers handed over to are believed.
      </p>
    )
  }
  const forget = () => {
    savePins(undefined)
    setAsking(false)
    onForget?.()
  }
  return (
    <div className="grid gap-2 text-sm text-ink-2">
      <p>
        <span>Pinned in this browser since </span>
        <span className="num">{dayOf(pins.sinceMs)}</span>
        <span>: network </span>
        <span translate="no">{pins.network}</span>
        <span>{`, producers of ${pins.lists.length === 1 ? 'term' : 'terms'} ${pins.lists.map((list) => list.term).join(', ')}.`}</span>
      </p>
      {asking ? (
        <div className="flex flex-wrap items-center gap-2">
          <p className="basis-full">
            Only forget it when the network was started anew. The next proof will believe whichever producers the node
            names.
          </p>
          <Button size="small" onClick={forget}>
            Forget it
          </Button>
          <Button size="small" kind="quiet" onClick={() => setAsking(false)}>
            Keep it
          </Button>
        </div>
      ) : (
        <Button size="small" kind="quiet" className="-ms-2.5 justify-self-start" onClick={() => setAsking(true)}>
          Forget what is pinned
        </Button>
      )}
    </div>
  )
}
