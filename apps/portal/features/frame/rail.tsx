'use client'

import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { DestinationIcon } from './icons.tsx'
import { Logo } from './logo.tsx'
import { destinations, isCurrent } from './navigation.ts'

/** Navigation at the left edge of a wide screen. */
export function Rail({ footer }: { footer: ReactNode }) {
  const pathname = usePathname()
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 hidden h-dvh w-(--rail-width) shrink-0 flex-col border-e border-line bg-surface px-3 py-4 rail:flex no-print"
    >
      <div className="px-2 pb-5">
        <Logo />
      </div>
      <div className="flex-1">
        <ul className="space-y-0.5">
          {destinations.map((item) => (
            <RailItem key={item.href} item={item} current={isCurrent(item.href, pathname)} />
          ))}
        </ul>
        <div className="my-3 mx-2 border-t border-line" />
        <ul>
          <RailItem item={{ href: '/me', text: 'Your account', icon: 'me' }} current={isCurrent('/me', pathname)} />
        </ul>
      </div>
      {footer}
    </nav>
  )
}

function RailItem({
  item,
  current,
}: {
  item: { href: string; text: string; icon: Parameters<typeof DestinationIcon>[0]['name'] }
  current: boolean
}) {
  return (
    <li>
      <Link
        href={item.href}
        aria-current={current ? 'page' : undefined}
        className={cn(
          'flex h-10 items-center gap-3 rounded-lg px-3 text-[0.9375rem] font-medium transition-colors',
          current ? 'bg-brand-soft text-brand' : 'text-ink-2 hover:bg-sunken hover:text-ink',
        )}
      >
        <DestinationIcon name={item.icon} />
        <span>{item.text}</span>
      </Link>
    </li>
  )
}
