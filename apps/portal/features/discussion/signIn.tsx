'use client'

import { portalApi } from '#features/session/ask.ts'
import { SignReview, useSigning } from '#features/session/signReview.tsx'
import type { AccountState } from '#features/session/useAccount.ts'
import { requestConnect } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'

/** A comment is somebody's: its author signs in with the account it will stand under. */
export function SignIn({ account }: { account: AccountState }) {
  const signing = useSigning()
  const begin = (): Promise<void> =>
    signing.begin({
      challenge: async () => (await portalApi()).session.challenge.mutate(),
      done: (signed) => account.act((api) => api.session.signIn.mutate(signed)),
    })
  if (!account.isPossible)
    return <p className="text-sm text-ink-3">Nobody can sign in here: this server was not told its address.</p>
  return (
    <SignReview signing={signing} verb="Sign in">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[52ch] text-sm text-ink-2">
          Sign in to write, with an account that holds tokens or has an office: a signed text, no transaction and no
          fee.
        </p>
        {signing.session === undefined ? (
          <Button size="small" onClick={requestConnect}>
            Connect to write
          </Button>
        ) : (
          <Button size="small" disabled={signing.state.step === 'asking'} onClick={() => void begin()}>
            Sign in with Ethereum
          </Button>
        )}
      </div>
    </SignReview>
  )
}

export function Who({ account, address }: { account: AccountState; address: string }) {
  return (
    <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
      <p className="text-sm text-ink-2">
        <span>You write as </span>
        <span className="font-mono" translate="no" title={address}>
          {shorten(address)}
        </span>
      </p>
      <Button
        size="small"
        kind="quiet"
        disabled={account.busy}
        onClick={() => void account.act((api) => api.session.signOut.mutate())}
      >
        Sign out
      </Button>
    </div>
  )
}
