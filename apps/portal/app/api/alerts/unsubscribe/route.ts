import { handleUnsubscribeRequest } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

/** Pressed by mail programs (RFC 8058); a GET changes nothing, since scanners follow every link. */
export { handleUnsubscribeRequest as POST }
