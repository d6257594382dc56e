'use client'

import type { CommentView } from '@aelf/governance/domain'
import { type ReactNode, useState } from 'react'
import { Markdown } from '#features/proposal/markdown.tsx'
import { Badge } from '#ui/badge.tsx'
import { Button } from '#ui/button.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Time } from '#ui/time/time.tsx'
import { CommentForm } from './commentForm.tsx'
import { ROLE_TONES, ROLE_WORDS } from './words.ts'

/** What whoever is signed in may do with a comment. */
export interface CommentDeeds {
  readonly busy: boolean
  readonly isOwn: boolean
  edit(text: string): Promise<boolean>
  withdraw(): Promise<boolean>
  /** Left out where nobody answers. */
  answer?(text: string): Promise<boolean>
}

interface CommentProps {
  comment: CommentView
  proposalId: string
  /** Who submitted the proposal. */
  author: string
  /** Left out for who is not signed in. */
  deeds: CommentDeeds | undefined
  children?: ReactNode
}

type Doing = 'nothing' | 'edit' | 'answer' | 'withdraw'

/** One comment with its address, by which it is found again. */
export function Comment({ comment, proposalId, author, deeds, children }: CommentProps) {
  const [doing, setDoing] = useState<Doing>('nothing')
  const done = (work: Promise<boolean>): Promise<boolean> =>
    work.then((isDone) => {
      if (isDone) setDoing('nothing')
      return isDone
    })
  const { id, text, withdrawn } = comment
  return (
    <li id={`comment-${id}`} className="scroll-mt-24 rounded-lg px-5 py-4 target:bg-brand-soft">
      <Head comment={comment} href={`/proposals/${proposalId}?comment=${id}#comment-${id}`} author={author} />
      <div className="mt-2">
        {withdrawn ? (
          <p className="text-sm text-ink-3">Its author took it back.</p>
        ) : doing === 'edit' && deeds !== undefined ? (
          <CommentForm
            label="Your changed comment, in Markdown"
            verb="Save"
            initial={text}
            busy={deeds.busy}
            onSend={(changed) => done(deeds.edit(changed))}
            onCancel={() => setDoing('nothing')}
          />
        ) : (
          <Markdown text={text} />
        )}
      </div>
      {deeds === undefined || withdrawn || doing !== 'nothing' ? null : (
        <div className="-ms-2.5 mt-1 flex flex-wrap gap-1">
          {deeds.answer === undefined ? null : <Deed name="Answer" about={id} onClick={() => setDoing('answer')} />}
          {deeds.isOwn ? (
            <>
              <Deed name="Edit" about={id} onClick={() => setDoing('edit')} />
              <Deed name="Take back" about={id} onClick={() => setDoing('withdraw')} />
            </>
          ) : null}
        </div>
      )}
      {doing === 'withdraw' && deeds !== undefined ? (
        <div className="mt-3 flex flex-wrap items-center gap-2 text-sm">
          <span>Its text is removed for good; answers stay.</span>
          <Button size="small" disabled={deeds.busy} onClick={() => void done(deeds.withdraw())}>
            Take it back
          </Button>
          <Button size="small" kind="quiet" disabled={deeds.busy} onClick={() => setDoing('nothing')}>
            Keep it
          </Button>
        </div>
      ) : null}
      {doing === 'answer' && deeds?.answer !== undefined ? (
        <div className="mt-3">
          <CommentForm
            label="Your answer, in Markdown"
            verb="Answer"
            busy={deeds.busy}
            onSend={(answer) => done(deeds.answer?.(answer) ?? Promise.resolve(false))}
            onCancel={() => setDoing('nothing')}
          />
        </div>
      ) : null}
      {children}
    </li>
  )
}

const Deed = ({ name, about, onClick }: { name: string; about: number; onClick: () => void }) => (
  <Button size="small" kind="quiet" aria-label={`${name}: comment ${about}`} onClick={onClick}>
    {name}
  </Button>
)

function Head({ comment, href, author }: { comment: CommentView; href: string; author: string }) {
  const { id, roles, createdAtMs, editedAtMs, withdrawn } = comment
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Address address={comment.author} name={comment.name} />
      {comment.author === author ? <Badge tone="support">Author of the proposal</Badge> : null}
      {roles.map((role) => (
        <Badge key={role} tone={ROLE_TONES[role]}>
          {ROLE_WORDS[role]}
        </Badge>
      ))}
      <span className="flex flex-wrap items-center gap-x-2 text-sm text-ink-3">
        <Link href={href} className="inline-flex min-h-6 items-center hover:underline">
          <span className="sr-only">{`Comment ${id}, `}</span>
          <Time at={createdAtMs} />
        </Link>
        {editedAtMs === undefined || withdrawn ? null : (
          <span>
            <span>changed </span>
            <Time at={editedAtMs} />
          </span>
        )}
      </span>
    </div>
  )
}
