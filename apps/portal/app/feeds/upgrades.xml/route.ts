import { handleUpgradeFeed } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

/** RSS of every step of proposals and collections. */
export const GET = (request: Request): Promise<Response> => handleUpgradeFeed(request, 'rss')
