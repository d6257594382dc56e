import { ArrowUpCircle, CircleX } from 'lucide-react'
import { api, attempt } from '#server/api.ts'
import { Link } from '#ui/link.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'

const ROW = 'flex items-center gap-3 px-5 py-3.5 transition-colors hover:bg-sunken'

/** What an upgrade asks of everybody, and of whoever runs one of the nodes asked here; nothing while none is locked in. */
export async function UpgradeRows() {
  const outcome = await attempt(api().upgrade.overview())
  const candidate = outcome.ok ? outcome.value.candidate : undefined
  if (candidate === undefined) return null
  const health = await attempt(api().network.health())
  const behind = health.ok ? health.value.nodes.nodes.filter(({ concern }) => concern?.level === 'bad') : []
  const { hash, proposals, projection, resetAt, confirmed } = candidate
  const stands = resetAt !== undefined && confirmed === 0
  return (
    <ul className="divide-y divide-line border-b border-line">
      {behind.map(({ name, concern }) => (
        <li key={name} className="bg-bad-soft">
          <Link href={`/upgrades/${hash}#behind`} className={ROW}>
            <CircleX size={18} className="shrink-0 text-bad" aria-hidden="true" />
            <span className="min-w-0 flex-1 text-[0.9375rem]">
              <span className="font-mono text-sm break-all" translate="no">
                {name}
              </span>
              <span className="block text-bad">{concern?.detail}</span>
            </span>
          </Link>
        </li>
      ))}
      <li>
        <Link href={`/upgrades/${hash}`} className={ROW}>
          <ArrowUpCircle size={18} className="shrink-0 text-warn" aria-hidden="true" />
          <span className="min-w-0 flex-1 text-[0.9375rem]">
            <span className="[overflow-wrap:anywhere]">{`${proposals[0]?.title ?? 'A new collection'} is locked in.`}</span>
            <span className="block text-sm text-ink-3">
              {stands ? (
                'Its count was set back to zero.'
              ) : (
                <>
                  <span>{`Projected to take over at block ${formatInteger(projection.height)}, `}</span>
                  <Time at={projection.timeMs} />
                </>
              )}
            </span>
          </span>
        </Link>
      </li>
    </ul>
  )
}
