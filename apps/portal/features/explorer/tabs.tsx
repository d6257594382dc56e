'use client'

import { usePathname } from 'next/navigation'
import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'

const TABS = [
  { href: '/explorer', text: 'Overview' },
  { href: '/explorer/blocks', text: 'Blocks' },
  { href: '/explorer/txs', text: 'Transactions' },
  { href: '/explorer/contracts', text: 'Contracts' },
] as const

export function ExplorerTabs() {
  const pathname = usePathname()
  return (
    <nav aria-label="Explorer" className="-mx-4 mb-6 overflow-x-auto px-4 [scrollbar-width:none] sm:mx-0 sm:px-0">
      <ul className="flex w-max min-w-full gap-1 border-b border-line">
        {TABS.map((tab) => {
          const current = tab.href === '/explorer' ? pathname === tab.href : pathname.startsWith(tab.href)
          return (
            <li key={tab.href}>
              <Link
                href={tab.href}
                aria-current={current ? 'page' : undefined}
                className={cn(
                  '-mb-px flex h-10 items-center border-b-2 px-3 text-[0.9375rem] font-medium',
                  current ? 'border-brand text-brand' : 'border-transparent text-ink-2 hover:text-ink',
                )}
              >
                {tab.text}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
