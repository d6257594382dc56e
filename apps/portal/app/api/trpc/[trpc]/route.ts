import { handleTrpcRequest } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

/** Queries by GET and POST; subscriptions as server-sent events on GET. */
export { handleTrpcRequest as GET, handleTrpcRequest as POST }
