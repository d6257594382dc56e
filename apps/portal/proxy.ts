import { type NextRequest, NextResponse } from 'next/server'
import { browserRpcUrl, isDevelopment } from '#env'

/** Content security policy, one nonce a request: nothing is loaded from another origin, or sent to one but the configured node. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy(nonce, request.nextUrl.pathname === NODE_CONSOLE)
  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** A delegate's own node may be anywhere, so this one page may call any address; what it loads and runs stays as strict. */
const NODE_CONSOLE = '/node'

function contentSecurityPolicy(nonce: string, mayCallNodes: boolean): string {
  const node =
    browserRpcUrl === undefined
      ? []
      : [browserRpcUrl, browserRpcUrl.replace(/^http/, 'ws')].map((url) => new URL(url).origin)
  const connect = [
    "'self'",
    ...(mayCallNodes ? ['https:', 'http:'] : []),
    ...node,
    ...(isDevelopment ? ['ws:'] : []),
  ].join(' ')
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // Positions of chart marks are style attributes; style elements still need the nonce.
    `style-src 'self' ${isDevelopment ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = {
  matcher: [{ source: '/((?!api/|_next/static|_next/image|favicon.ico|icon.svg).*)' }],
}
