import { Link } from '#ui/link.tsx'

/** The mark: a ring of slots around a filled one. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="var(--brand)" />
      <g fill="none" stroke="var(--brand-ink)" strokeWidth="2.6" strokeLinecap="round">
        <path d="M16 6.5a9.5 9.5 0 0 1 8.2 4.7" opacity="0.55" />
        <path d="M25.3 14.4a9.5 9.5 0 0 1-5 10.1" opacity="0.8" />
        <path d="M16.6 25.5A9.5 9.5 0 0 1 8.3 10.4" />
        <path d="M10.4 8.3a9.5 9.5 0 0 1 1.5-.9" opacity="0.55" />
      </g>
      <circle cx="16" cy="16" r="4" fill="var(--brand-ink)" />
    </svg>
  )
}

export function Logo() {
  return (
    <Link
      href="/"
      className="inline-flex min-h-10 items-center gap-2.5 rounded-lg"
      aria-label="aelf governance, network page"
    >
      <Mark />
      <span className="text-[1.0625rem] leading-none font-semibold tracking-tight" translate="no">
        aelf
      </span>
    </Link>
  )
}
