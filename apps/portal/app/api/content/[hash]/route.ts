import { handleContentRequest } from '@aelf/governance/trpc'

export const dynamic = 'force-dynamic'
export const runtime = 'nodejs'

interface Params {
  params: Promise<{ hash: string }>
}

/** Texts, archives, reviews and bundles that the chain names, by their hash. */
export async function GET(request: Request, { params }: Params): Promise<Response> {
  return handleContentRequest(request, (await params).hash)
}

/** Taken from pages of this portal, when the bytes have the hash. */
export async function PUT(request: Request, { params }: Params): Promise<Response> {
  return handleContentRequest(request, (await params).hash)
}
