import { Bell, CalendarDays, Rss } from 'lucide-react'
import { Link } from '#ui/link.tsx'

const FEEDS = [
  { href: '/feeds/upgrades.xml', text: 'RSS', Icon: Rss },
  { href: '/feeds/upgrades.ics', text: 'Calendar', Icon: CalendarDays },
] as const
const STYLE = 'link inline-flex min-h-6 items-center gap-1.5'

/** Ways to be told without this page. */
export const FeedLinks = () => (
  <p className="mt-6 flex flex-wrap items-center gap-x-5 gap-y-1 text-sm text-ink-3">
    <span>Follow every step elsewhere:</span>
    {FEEDS.map(({ href, text, Icon }) => (
      <a key={href} href={href} className={STYLE}>
        <Icon size={15} aria-hidden="true" />
        <span>{text}</span>
      </a>
    ))}
    <Link href="/me/notifications" className={STYLE}>
      <Bell size={15} aria-hidden="true" />
      <span>E-mail or webhook</span>
    </Link>
  </p>
)
