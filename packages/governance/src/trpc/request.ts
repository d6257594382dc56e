const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const SESSION_SECONDS = 12 * 60 * 60

/** What a request says of itself, read once. Calls in process have none, and so nobody is signed in there. */
export interface RequestFacts {
  /** The session's secret as the browser holds it; only its hash is stored. */
  readonly sessionToken: string | undefined
  /** True when the page that sent it is one of this site. */
  readonly isOwnPage: boolean
  /** Where people see this site; undefined when it is served under a name nobody configured. */
  readonly site: URL | undefined
  /** Sets the session's cookie, or ends it. */
  setSession(token: string | undefined): void
}

/** A cookie with the prefix is never set by a neighbour host or over plain http. */
const cookieName = (site: URL | undefined): string =>
  site?.protocol === 'https:' ? '__Host-aelf-session' : 'aelf-session'

export interface RequestOptions {
  readonly request: Request
  readonly responseHeaders: Headers
  readonly portalUrl: string | undefined
}

export function readRequest({ request, responseHeaders, portalUrl }: RequestOptions): RequestFacts {
  const { headers } = request
  const site = siteOf(headers, portalUrl)
  const name = cookieName(site)
  const token = readCookie(headers.get('cookie') ?? '', name)
  // What is answered to somebody is kept by nobody in between.
  if (token !== undefined) responseHeaders.set('cache-control', 'private, no-store')
  return {
    sessionToken: token !== undefined && TOKEN.test(token) ? token : undefined,
    isOwnPage: isOwnPage(headers, site),
    site,
    setSession: (value) => {
      const end = value === undefined ? '; Max-Age=0' : `; Max-Age=${SESSION_SECONDS}`
      const secure = site?.protocol === 'https:' ? '; Secure' : ''
      responseHeaders.append('set-cookie', `${name}=${value ?? ''}; Path=/; HttpOnly; SameSite=Lax${secure}${end}`)
      responseHeaders.set('cache-control', 'private, no-store')
    },
  }
}

/**
 * The configured address, or on this machine the one that was asked for. Any other host name proves nothing: a page elsewhere
 * can have its own name sent, and would get messages signed for itself accepted here.
 */
function siteOf(headers: Headers, portalUrl: string | undefined): URL | undefined {
  if (portalUrl !== undefined) return new URL(portalUrl)
  const host = headers.get('host') ?? ''
  const text = `http://${host}`
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.host === host.toLowerCase() && LOOPBACK_NAMES.includes(url.hostname) ? url : undefined
}

/** Browsers say where a request comes from; for changes one of the two must speak for us and none against. */
function isOwnPage(headers: Headers, site: URL | undefined): boolean {
  const fetchSite = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  if (fetchSite !== null && fetchSite !== 'same-origin') return false
  return site !== undefined && origin === site.origin
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name) return value
  }
  return undefined
}
