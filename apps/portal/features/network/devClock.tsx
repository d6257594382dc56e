'use client'

import { FastForward } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { useNow } from '#ui/time/clock.tsx'
import { nodeUrl } from './nodeUrl.ts'

const DAY_SECONDS = 86_400
/** Past the term's last slot, so that the closing block is the next one. */
const MARGIN_SECONDS = 2
const JUMP_MS = 120_000

type Jump = { readonly step: 'idle' | 'jumping' | 'done' } | { readonly step: 'failed'; readonly message: string }

/** Only on a development network: moves the chain's clock, so that a term or a lock can be watched to its end. */
export function DevClock({ termEndsAtMs }: { termEndsAtMs: number }) {
  const router = useRouter()
  const now = useNow()
  const [jump, setJump] = useState<Jump>({ step: 'idle' })
  const toTermEnd = Math.max(1, Math.ceil((termEndsAtMs - now) / 1000) + MARGIN_SECONDS)
  const forward = async (seconds: number): Promise<void> => {
    setJump({ step: 'jumping' })
    try {
      const { createRpcClient } = await import('@aelf/chain/rpc')
      await createRpcClient({ url: nodeUrl() }).request('aelf_fastForward', [{ seconds }], { timeoutMs: JUMP_MS })
      setJump({ step: 'done' })
      router.refresh()
    } catch (error) {
      setJump({ step: 'failed', message: error instanceof Error ? error.message : 'The node did not answer.' })
    }
  }
  const busy = jump.step === 'jumping'
  return (
    <section aria-labelledby="dev-clock" className="my-6 rounded-xl border border-dashed border-warn/60 px-5 py-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h2 id="dev-clock" className="text-sm font-semibold">
            Development network
          </h2>
          <p className="text-sm text-ink-2">Its clock can be moved forward. Rules and counts stay the real ones.</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button size="small" disabled={busy} onClick={() => void forward(toTermEnd)}>
            <FastForward size={15} aria-hidden="true" />
            <span>To the term’s end</span>
          </Button>
          <Button size="small" disabled={busy} onClick={() => void forward(90 * DAY_SECONDS)}>
            <FastForward size={15} aria-hidden="true" />
            <span>90 days</span>
          </Button>
        </div>
      </div>
      <p role="status" className="text-sm text-ink-2 not-empty:mt-2">
        {busy ? 'Moving the clock of every node…' : null}
        {jump.step === 'done' ? 'Done. The next round starts with the producers that the votes elected.' : null}
      </p>
      {jump.step === 'failed' ? (
        <Notice kind="error" className="mt-3" title="The clock was not moved">
          {jump.message}
        </Notice>
      ) : null}
    </section>
  )
}
