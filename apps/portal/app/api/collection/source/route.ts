import { handleReleaseRequest } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

/** The source of this release's collection, as `aelf collection source` writes it, packed. */
export { handleReleaseRequest as GET }
