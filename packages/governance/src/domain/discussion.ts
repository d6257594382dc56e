import type { Address, Hash } from './values.ts'

/** Bytes of one comment. */
export const COMMENT_MAX_BYTES: number = 4 * 1024

/** What an account is on the chain now, the weightiest first; who has something there is a holder at least. */
export const commentRoles = ['member', 'producer', 'candidate', 'holder'] as const
export type CommentRole = (typeof commentRoles)[number]

/** Something said about a proposal. It is talk: nothing on the chain names it. */
export interface CommentView {
  readonly id: number
  readonly author: Address
  readonly name?: string
  readonly roles: readonly CommentRole[]
  /** In Markdown; empty when it was taken back. */
  readonly text: string
  readonly createdAtMs: number
  readonly editedAtMs?: number
  readonly withdrawn: boolean
}

export interface ThreadView extends CommentView {
  /** Oldest first. */
  readonly replies: readonly CommentView[]
}

/** Newest thread first. */
export interface DiscussionView {
  readonly proposalId: Hash
  readonly items: readonly ThreadView[]
  readonly nextCursor?: string
  /** Comments that were not taken back. */
  readonly total: number
}

/** How much is said about a proposal. */
export interface TalkView {
  readonly comments: number
  readonly newestAtMs: number
}
