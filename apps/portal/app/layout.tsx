import './globals.css'
import type { Metadata, Viewport } from 'next'
import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { browserRpcUrl } from '#env'
import { BottomBar } from '#features/frame/bottomBar.tsx'
import { Logo } from '#features/frame/logo.tsx'
import { Rail } from '#features/frame/rail.tsx'
import { SkipLink } from '#features/frame/skipLink.tsx'
import { THEME_COOKIE, type Theme } from '#features/frame/theme.ts'
import { ThemeToggle } from '#features/frame/themeToggle.tsx'
import { LiveProvider } from '#features/live/provider.tsx'
import { PulseLine } from '#features/live/pulseLine.tsx'
import { SearchButton } from '#features/search/searchButton.tsx'
import { ConnectButton } from '#features/wallet/connectButton.tsx'
import { LazyTray } from '#features/wallet/tray/lazyTray.tsx'
import { api, attempt } from '#server/api.ts'
import { ClockProvider } from '#ui/time/clock.tsx'

export const metadata: Metadata = {
  title: { default: 'aelf governance', template: '%s · aelf governance' },
  description: 'Lock tokens, elect delegates and follow the network, block by block.',
}

/** Every page, the one for unknown addresses too, carries the network's pulse: none is made at build time. */
export const dynamic = 'force-dynamic'

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7faf9' },
    { media: '(prefers-color-scheme: dark)', color: '#0b1417' },
  ],
}

async function readTheme(): Promise<Theme> {
  const value = (await cookies()).get(THEME_COOKIE)?.value
  return value === 'light' || value === 'dark' ? value : 'system'
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [theme, outcome] = await Promise.all([readTheme(), attempt(api().network.pulse())])
  const pulse = outcome.ok ? outcome.value : undefined
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body data-rpc={browserRpcUrl}>
        <ClockProvider nowMs={pulse?.chainNowMs ?? Date.now()}>
          <LiveProvider pulse={pulse}>
            <SkipLink />
            <div className="isolate flex min-h-dvh">
              <Rail
                footer={
                  <div className="flex items-center justify-between px-2">
                    <ThemeToggle initial={theme} />
                  </div>
                }
              />
              <div className="flex min-w-0 flex-1 flex-col">
                <header className="mx-auto flex w-full max-w-[78rem] items-center gap-3 px-4 py-3 no-print sm:px-6 rail:px-8">
                  <div className="rail:hidden">
                    <Logo />
                  </div>
                  <div className="ms-auto flex items-center gap-2 rail:ms-0 rail:w-full rail:justify-between">
                    <SearchButton />
                    <ConnectButton />
                  </div>
                </header>
                <PulseLine />
                <main
                  id="main"
                  tabIndex={-1}
                  className="mx-auto w-full max-w-[78rem] flex-1 px-4 pt-6 pb-8 outline-none sm:px-6 rail:px-8 rail:pt-8 rail:pb-16"
                >
                  {children}
                </main>
                <footer className="mx-auto w-full max-w-[78rem] px-4 pb-28 text-sm text-ink-3 sm:px-6 rail:hidden">
                  <ThemeToggle initial={theme} />
                </footer>
              </div>
            </div>
            <LazyTray />
            <BottomBar />
          </LiveProvider>
        </ClockProvider>
      </body>
    </html>
  )
}
