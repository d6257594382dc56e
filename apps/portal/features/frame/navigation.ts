/** Places of the portal, in the order of the rail. Icon names are resolved where they are drawn. */
export const destinations = [
  { href: '/', text: 'Network', icon: 'network' },
  { href: '/election', text: 'Election', icon: 'election' },
  { href: '/delegates', text: 'Delegates', icon: 'delegates' },
  { href: '/stake', text: 'Stake', icon: 'stake' },
  { href: '/proposals', text: 'Proposals', icon: 'proposals' },
  { href: '/upgrades', text: 'Upgrades', icon: 'upgrades' },
  { href: '/rounds', text: 'Rounds', icon: 'rounds' },
  { href: '/explorer', text: 'Explorer', icon: 'explorer' },
  { href: '/status', text: 'Status', icon: 'status' },
  { href: '/node', text: 'Your node', icon: 'node' },
] as const

export type Destination = (typeof destinations)[number]

/** A destination is current on its own page and on every page below it. */
export function isCurrent(href: string, pathname: string): boolean {
  return href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
}
