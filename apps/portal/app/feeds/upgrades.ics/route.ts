import { handleUpgradeFeed } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

/** A calendar of activations, the projected one among them, and of the last moments to adopt a proposal. */
export const GET = (request: Request): Promise<Response> => handleUpgradeFeed(request, 'ics')
