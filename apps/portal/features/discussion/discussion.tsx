'use client'

import type { CommentView, DiscussionView } from '@aelf/governance/domain'
import { useRouter } from 'next/navigation'
import type { PortalApi } from '#features/session/ask.ts'
import { SignedIn, SignIn } from '#features/session/signIn.tsx'
import { type AccountState, useAccount } from '#features/session/useAccount.ts'
import { ButtonLink } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Panel } from '#ui/panel.tsx'
import { Comment, type CommentDeeds } from './comment.tsx'
import { CommentForm } from './commentForm.tsx'

interface DiscussionProps {
  /** Undefined when it cannot be read now. */
  view: DiscussionView | undefined
  proposalId: string
  /** Who submitted the proposal. */
  author: string
  /** Whether these are the newest threads. */
  isNewest: boolean
}

const countWords = (count: number): string => (count === 1 ? '1 comment' : `${formatInteger(count)} comments`)

/** What people say about a proposal: talk, and no part of what anybody signs. */
export function Discussion({ view, proposalId, author, isNewest }: DiscussionProps) {
  const account = useAccount()
  const router = useRouter()
  const act = async (work: (api: PortalApi) => Promise<unknown>): Promise<boolean> => {
    const isDone = await account.act(work)
    // Also when it failed: somebody else may have changed what is shown.
    router.refresh()
    return isDone
  }
  const write = (text: string, replyTo?: number): Promise<boolean> =>
    act((api) => api.discussion.write.mutate({ proposalId, text, ...(replyTo === undefined ? {} : { replyTo }) }))
  const deedsOf = ({ id, author: by, withdrawn }: CommentView, canAnswer: boolean): CommentDeeds | undefined => {
    if (typeof account.signedIn !== 'string') return undefined
    return {
      busy: account.busy,
      isOwn: account.signedIn === by,
      edit: (text) => act((api) => api.discussion.edit.mutate({ id, text })),
      withdraw: () => act((api) => api.discussion.withdraw.mutate({ id })),
      ...(canAnswer && !withdrawn ? { answer: (text: string) => write(text, id) } : {}),
    }
  }
  return (
    <Panel
      id="discussion"
      title="Discussion"
      note="Talk: it is kept by this portal only, and no part of what is signed"
      aside={view === undefined ? undefined : <span className="num text-sm text-ink-3">{countWords(view.total)}</span>}
      flush
    >
      <div className="px-5 py-4">
        <Writing account={account} onSend={write} />
      </div>
      {view === undefined ? (
        <Notice kind="warn" title="What was said cannot be read now" className="m-5">
          Everything else on this page stays valid. Try again in a moment.
        </Notice>
      ) : view.items.length === 0 ? (
        <p className="border-t border-line px-5 py-4 text-sm text-ink-3">Nobody has said anything yet.</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line" aria-label="Comments, newest first">
          {view.items.map((thread) => (
            <Comment
              key={thread.id}
              comment={thread}
              proposalId={proposalId}
              author={author}
              deeds={deedsOf(thread, true)}
            >
              {thread.replies.length === 0 ? null : (
                <ul className="mt-3 border-s-2 border-line" aria-label={`Answers to comment ${thread.id}`}>
                  {thread.replies.map((reply) => (
                    <Comment
                      key={reply.id}
                      comment={reply}
                      proposalId={proposalId}
                      author={author}
                      deeds={deedsOf(reply, false)}
                    />
                  ))}
                </ul>
              )}
            </Comment>
          ))}
        </ul>
      )}
      <Pages proposalId={proposalId} isNewest={isNewest} nextCursor={view?.nextCursor} />
    </Panel>
  )
}

/** Whoever is signed in writes; everybody else is told how. */
function Writing({ account, onSend }: { account: AccountState; onSend: (text: string) => Promise<boolean> }) {
  const { signedIn, isPossible, failure, busy } = account
  return (
    <>
      <div aria-live="polite">
        {failure === undefined ? null : (
          <Notice kind="error" className="mb-3" title={failure.title} code={failure.code}>
            {failure.help}
          </Notice>
        )}
      </div>
      {signedIn === undefined ? (
        <p className="min-h-8 text-sm text-ink-3">{failure === undefined ? 'Looking who is signed in…' : ''}</p>
      ) : signedIn !== null ? (
        <>
          <div className="mb-2">
            <SignedIn account={account} address={signedIn} words="You write as" kind="quiet" size="small" />
          </div>
          <CommentForm label="Your comment, in Markdown" verb="Write" busy={busy} onSend={onSend} />
        </>
      ) : isPossible ? (
        <SignIn account={account} connect="Connect to write" size="small">
          Sign in to write, with an account that holds tokens or has an office: a signed text, no transaction and no
          fee.
        </SignIn>
      ) : (
        <p className="text-sm text-ink-3">Nobody can sign in here: this server was not told its address.</p>
      )}
    </>
  )
}

function Pages({
  proposalId,
  isNewest,
  nextCursor,
}: {
  proposalId: string
  isNewest: boolean
  nextCursor: string | undefined
}) {
  if (isNewest && nextCursor === undefined) return null
  const base = `/proposals/${proposalId}`
  return (
    <nav aria-label="Pages of the discussion" className="flex justify-between gap-3 border-t border-line px-5 py-3">
      {isNewest ? (
        <span />
      ) : (
        <ButtonLink href={`${base}#discussion`} size="small" kind="quiet">
          Newest
        </ButtonLink>
      )}
      {nextCursor === undefined ? null : (
        <ButtonLink href={`${base}?cursor=${nextCursor}#discussion`} size="small">
          Older
        </ButtonLink>
      )}
    </nav>
  )
}
