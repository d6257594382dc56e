import { cn } from '#ui/cn.ts'
import { Link } from '#ui/link.tsx'
import { CopyButton } from './copyButton.tsx'
import { Identicon } from './identicon.tsx'

/** `0x1234…cdef`: the middle is cut, so both ends can be compared. */
export function shorten(value: string, head: number = 6, tail: number = 4): string {
  return value.length <= head + tail + 1 ? value : `${value.slice(0, head)}…${value.slice(-tail)}`
}

interface HashProps {
  value: string
  href?: string | undefined
  label?: string
  copy?: boolean
  className?: string | undefined
  head?: number
  tail?: number
}

/** A hash, shortened in the middle; the full value on hover and keyboard focus, and one press to copy it. */
export function Hash({ value, href, label = 'hash', copy = true, className, head = 8, tail = 6 }: HashProps) {
  const short = shorten(value, head, tail)
  const text = (
    <span aria-hidden="true" className="whitespace-nowrap" translate="no">
      {short}
    </span>
  )
  const spoken = (
    <span className="sr-only" translate="no">
      {value}
    </span>
  )
  return (
    <span
      className={cn(
        'group/hash relative inline-flex min-h-6 items-center gap-0.5 font-mono text-[0.8125rem]',
        className,
      )}
    >
      {href === undefined ? (
        <span>
          {text}
          {spoken}
        </span>
      ) : (
        <Link href={href} className="link inline-flex min-h-6 items-center font-medium">
          {text}
          {spoken}
        </Link>
      )}
      {copy ? <CopyButton value={value} label={label} /> : null}
      <span
        aria-hidden="true"
        className="pointer-events-none absolute bottom-full start-0 z-30 mb-1 hidden max-w-[min(22rem,80vw)] rounded-md border border-line bg-surface px-2 py-1 text-xs break-all text-ink shadow-pop group-hover/hash:block group-focus-within/hash:block"
        translate="no"
      >
        {value}
      </span>
    </span>
  )
}

interface AddressProps {
  address: string
  name?: string | undefined
  href?: string | undefined
  size?: number
  copy?: boolean
  className?: string | undefined
}

/** An account: identicon, its name when it has one, and the shortened address. */
export function Address({ address, name, href, size = 24, copy = false, className }: AddressProps) {
  const target = href ?? `/explorer/accounts/${address}`
  const named = name !== undefined && name !== ''
  return (
    <span className={cn('group/hash relative inline-flex min-h-6 max-w-full min-w-0 items-center gap-2', className)}>
      <Identicon address={address} size={size} />
      <Link href={target} className="inline-flex min-h-6 min-w-0 flex-col justify-center leading-tight hover:underline">
        {named ? (
          <span className="truncate font-medium" translate="no">
            {name}
          </span>
        ) : null}
        <span className={cn('font-mono', named ? 'text-xs text-ink-3' : 'text-[0.8125rem]')} translate="no">
          <span aria-hidden="true" className="whitespace-nowrap">
            {shorten(address)}
          </span>
          <span className="sr-only">{address}</span>
        </span>
      </Link>
      {copy ? <CopyButton value={address} label="address" /> : null}
      <span
        aria-hidden="true"
        className="pointer-events-none absolute bottom-full start-0 z-30 mb-1 hidden max-w-[min(24rem,80vw)] rounded-md border border-line bg-surface px-2 py-1 font-mono text-xs break-all text-ink shadow-pop group-focus-within/hash:block"
        translate="no"
      >
        {address}
      </span>
    </span>
  )
}
