'use client'

import { FlaskConical, LogOut, PlugZap } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { Identicon } from '#ui/identity/identicon.tsx'
import { Link } from '#ui/link.tsx'
import { Notice, SkeletonRows } from '#ui/notice.tsx'
import { type DemoAccount, type Failure, loadWallet, type WalletChoice, type WalletPort } from './port.ts'
import { type Session, useSession } from './session.ts'

interface Offer {
  readonly port: WalletPort
  readonly wallets: readonly WalletChoice[]
  readonly demos: readonly DemoAccount[]
}
const MODULE_FAILURE: Failure = {
  title: 'The wallet code could not be loaded.',
  help: 'Check the connection, then try again.',
  code: 'portal.walletCode',
}

/** Choose who you are: a wallet of this browser, or on a development network a demo account. */
export function ConnectDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const session = useSession()
  const [offer, setOffer] = useState<Offer | undefined>(undefined)
  const [failure, setFailure] = useState<Failure | undefined>(undefined)
  const [busy, setBusy] = useState<string | undefined>(undefined)
  useEffect(() => {
    let gone = false
    void loadOffer().then(
      (value) => {
        if (!gone) setOffer(value)
      },
      () => {
        if (!gone) setFailure(MODULE_FAILURE)
      },
    )
    return () => {
      gone = true
    }
  }, [])
  const run = (key: string, work: (port: WalletPort) => Promise<unknown> | unknown) => {
    if (offer === undefined) return
    setBusy(key)
    setFailure(undefined)
    Promise.resolve(work(offer.port))
      .then(
        () => onOpenChange(false),
        (error: unknown) => setFailure(offer.port.failureOf(error)),
      )
      .finally(() => setBusy(undefined))
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={session === undefined ? 'Connect' : 'Your account'}
      description={
        session === undefined
          ? 'Reading never needs a wallet. Connecting only shows your address; each signature is asked for separately.'
          : undefined
      }
    >
      <div className="space-y-5 px-5 pt-1 pb-6">
        {session === undefined ? null : (
          <CurrentAccount
            session={session}
            onLeave={() => run('leave', (port) => port.disconnect())}
            onClose={() => onOpenChange(false)}
          />
        )}
        {failure === undefined ? null : (
          <Notice kind="error" title={failure.title} code={failure.code}>
            {failure.help}
          </Notice>
        )}
        {offer === undefined ? (
          failure === undefined ? (
            <SkeletonRows rows={3} />
          ) : null
        ) : (
          <>
            <Wallets
              wallets={offer.wallets}
              busy={busy}
              onChoose={(wallet) => run(wallet.id, (port) => port.connectWallet(wallet.id))}
            />
            {offer.demos.length === 0 ? null : (
              <Demos
                demos={offer.demos}
                current={session}
                onChoose={(account) => run(account.address, (port) => port.connectDemo(account))}
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  )
}

async function loadOffer(): Promise<Offer> {
  const port = await loadWallet()
  const [wallets, demos] = await Promise.all([port.listWallets(), port.listDemoAccounts()])
  return { port, wallets, demos }
}

function CurrentAccount({ session, onLeave, onClose }: { session: Session; onLeave: () => void; onClose: () => void }) {
  return (
    <div className="rounded-xl border border-line bg-ground p-4">
      <div className="flex items-center gap-3">
        <Identicon address={session.address} size={40} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium" translate="no">
            {session.label}
          </p>
          <p className="flex items-center font-mono text-[0.8125rem] text-ink-3" translate="no">
            <span>{shorten(session.address, 10, 8)}</span>
            <CopyButton value={session.address} label="address" />
          </p>
        </div>
        {session.kind === 'demo' ? <Badge tone="warn">Demo</Badge> : null}
      </div>
      <div className="mt-3 flex gap-2">
        <Link
          href="/me"
          onClick={onClose}
          className="inline-flex h-9 flex-1 items-center justify-center rounded-lg border border-line bg-surface text-sm font-medium hover:bg-sunken"
        >
          Open your account
        </Link>
        <Button size="small" className="h-9" onClick={onLeave}>
          <LogOut size={15} aria-hidden="true" />
          <span>Disconnect</span>
        </Button>
      </div>
    </div>
  )
}

function Section({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-medium text-ink-3">{title}</h3>
      {children}
    </section>
  )
}

const ROW =
  'flex min-h-13 w-full items-center gap-3 rounded-xl border border-line bg-surface px-3.5 py-2 text-start transition-colors hover:border-line-strong hover:bg-sunken disabled:opacity-60'

function Wallets({
  wallets,
  busy,
  onChoose,
}: {
  wallets: readonly WalletChoice[]
  busy: string | undefined
  onChoose: (wallet: WalletChoice) => void
}) {
  return (
    <Section title="Wallets in this browser">
      {wallets.length === 0 ? (
        <p className="rounded-xl bg-sunken px-4 py-3 text-sm text-ink-2">
          No wallet announces itself here. Any Ethereum wallet extension that signs typed data will do; it can stay on
          its own network.
        </p>
      ) : (
        <ul className="space-y-2">
          {wallets.map((wallet) => (
            <li key={wallet.id}>
              <button type="button" className={ROW} disabled={busy !== undefined} onClick={() => onChoose(wallet)}>
                {wallet.icon === undefined ? (
                  <PlugZap size={22} className="text-ink-3" aria-hidden="true" />
                ) : (
                  // biome-ignore lint/performance/noImgElement: the wallet's own inline image needs no optimisation
                  <img src={wallet.icon} alt="" width={26} height={26} className="rounded-md" />
                )}
                <span className="flex-1 font-medium" translate="no">
                  {wallet.name}
                </span>
                {busy === wallet.id ? <span className="text-sm text-ink-3">Waiting for the wallet…</span> : null}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Demos({
  demos,
  current,
  onChoose,
}: {
  demos: readonly DemoAccount[]
  current: Session | undefined
  onChoose: (account: DemoAccount) => void
}) {
  return (
    <Section
      title={
        <span className="flex items-center gap-1.5 text-warn">
          <FlaskConical size={15} aria-hidden="true" />
          <span>Demo accounts of this development network</span>
        </span>
      }
    >
      <p className="mb-2 text-sm text-ink-3">
        Funded, and anyone can use them: their keys are public. They sign in this page, without an extension.
      </p>
      <ul className="space-y-2">
        {demos.map((account) => (
          <li key={account.address}>
            <button
              type="button"
              className={ROW}
              aria-current={current?.address === account.address ? 'true' : undefined}
              onClick={() => onChoose(account)}
            >
              <Identicon address={account.address} size={26} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium" translate="no">
                  {account.label}
                </span>
                <span className="block font-mono text-xs text-ink-3" translate="no">
                  {shorten(account.address)}
                </span>
              </span>
              <Badge tone="warn">Demo</Badge>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
