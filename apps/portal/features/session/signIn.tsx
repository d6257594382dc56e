'use client'

import type { ComponentProps, ReactNode } from 'react'
import { requestConnect } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { shorten } from '#ui/identity/hash.tsx'
import { portalApi } from './ask.ts'
import { SignReview, useSigning } from './signReview.tsx'
import type { Work } from './useWork.ts'

type ButtonStyle = Pick<ComponentProps<typeof Button>, 'kind' | 'size'>

interface SignInProps extends ButtonStyle {
  account: Work
  /** Words of the button that comes first: there is no account yet. */
  connect: string
  /** What it is for. */
  children: ReactNode
}

/** Sign-In with Ethereum. */
export function SignIn({ account, connect, kind, size, children }: SignInProps) {
  const signing = useSigning()
  const begin = (): Promise<void> =>
    signing.begin({
      challenge: async () => (await portalApi()).session.challenge.mutate(),
      done: (signed) => account.act((api) => api.session.signIn.mutate(signed)),
    })
  return (
    <SignReview signing={signing} verb="Sign in">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[52ch] text-sm text-ink-2">{children}</p>
        {signing.session === undefined ? (
          <Button size={size} onClick={requestConnect}>
            {connect}
          </Button>
        ) : (
          <Button kind={kind} size={size} disabled={signing.state.step === 'asking'} onClick={() => void begin()}>
            Sign in with Ethereum
          </Button>
        )}
      </div>
    </SignReview>
  )
}

interface SignedInProps extends ButtonStyle {
  account: Work
  address: string
  /** What stands before the address. */
  words: string
}

/** Whose session it is, and its end. */
export function SignedIn({ account, address, words, ...style }: SignedInProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-sm text-ink-2">
        <span>{words} </span>
        <span className="font-mono" translate="no" title={address}>
          {shorten(address)}
        </span>
      </p>
      <Button
        {...style}
        disabled={account.busy}
        onClick={() => void account.act((api) => api.session.signOut.mutate())}
      >
        Sign out
      </Button>
    </div>
  )
}
