export function SkipLink() {
  return (
    <a
      href="#main"
      className="fixed start-3 top-3 z-[60] -translate-y-20 rounded-lg bg-brand px-4 py-2 font-medium text-brand-ink transition-transform focus:translate-y-0"
    >
      Skip to content
    </a>
  )
}
