'use client'

import { Dialog } from '#ui/dialog.tsx'
import { Link } from '#ui/link.tsx'
import { DestinationIcon } from './icons.tsx'
import type { Destination } from './navigation.ts'

export function MoreSheet({
  open,
  onOpenChange,
  rest,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  rest: readonly Destination[]
}) {
  const close = () => onOpenChange(false)
  const items = [...rest, { href: '/me', text: 'Your account', icon: 'me' } as const]
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="More places">
      <ul className="grid grid-cols-2 gap-2 px-5 pt-1 pb-8">
        {items.map((item) => (
          <li key={item.href}>
            <Link
              href={item.href}
              onClick={close}
              className="flex h-14 items-center gap-3 rounded-xl border border-line bg-ground px-4 font-medium"
            >
              <DestinationIcon name={item.icon} />
              <span>{item.text}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Dialog>
  )
}
