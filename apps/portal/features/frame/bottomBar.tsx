'use client'

import { Ellipsis } from 'lucide-react'
import dynamic from 'next/dynamic'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { DestinationIcon } from './icons.tsx'
import { type Destination, destinations, isCurrent } from './navigation.ts'

const MoreSheet = dynamic(() => import('./moreSheet.tsx').then((module) => module.MoreSheet), { ssr: false })
const ON_BAR: readonly Destination['href'][] = ['/', '/election', '/delegates', '/stake']
const ITEM =
  'flex h-14 w-full flex-col items-center justify-center gap-0.5 text-[0.6875rem] font-medium transition-colors'

/** Navigation under the thumb on a phone: four places and the rest behind the fifth. */
export function BottomBar() {
  const pathname = usePathname()
  const [open, setOpen] = useState(false)
  const elsewhere = !ON_BAR.some((href) => isCurrent(href, pathname))
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-40 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] rail:hidden no-print"
    >
      <ul className="grid grid-cols-5">
        {destinations
          .filter((item) => ON_BAR.includes(item.href))
          .map((item) => {
            const current = isCurrent(item.href, pathname)
            return (
              <li key={item.href}>
                <Link
                  href={item.href}
                  aria-current={current ? 'page' : undefined}
                  className={cn(ITEM, current ? 'text-brand' : 'text-ink-2')}
                >
                  <DestinationIcon name={item.icon} size={21} />
                  <span>{item.text}</span>
                </Link>
              </li>
            )
          })}
        <li>
          <button
            type="button"
            aria-haspopup="dialog"
            aria-expanded={open}
            onClick={() => setOpen(true)}
            className={cn(ITEM, elsewhere ? 'text-brand' : 'text-ink-2')}
          >
            <Ellipsis size={21} aria-hidden="true" />
            <span>More</span>
          </button>
        </li>
      </ul>
      {open ? (
        <MoreSheet
          open={open}
          onOpenChange={setOpen}
          rest={destinations.filter((item) => !ON_BAR.includes(item.href))}
        />
      ) : null}
    </nav>
  )
}
