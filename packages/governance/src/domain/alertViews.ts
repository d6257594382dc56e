import type { Address } from './values.ts'

/** What somebody may want to be told about a delegate, and from `finality` on about the whole network. */
export type AlertKind =
  | 'missed'
  | 'excluded'
  | 'returned'
  | 'elected'
  | 'dropped'
  | 'cutLine'
  | 'finality'
  | 'proposal'
  | 'lockedIn'
  | 'support'
  | 'activated'

export const alertKinds: readonly AlertKind[] = [
  'missed',
  'excluded',
  'returned',
  'elected',
  'dropped',
  'cutLine',
  'finality',
  'proposal',
  'lockedIn',
  'support',
  'activated',
]

/** Kinds that are about no delegate. */
export const networkKinds: readonly AlertKind[] = ['finality', 'proposal', 'lockedIn', 'support', 'activated']

export type AlertChannelKind = 'webhook' | 'email'

export interface AlertChannelView {
  readonly id: string
  readonly kind: AlertChannelKind
  /** The whole address for its owner; nobody else gets this view. */
  readonly target: string
  /** Mail goes out only after its address was confirmed; a stopped channel gets nothing. */
  readonly state: 'unconfirmed' | 'active' | 'stopped'
  readonly createdAtMs: number
}

export interface AlertSubscriptionView {
  readonly id: string
  readonly channelId: string
  readonly delegate: Address
  readonly delegateName?: string
  readonly kinds: readonly AlertKind[]
  /** Missed slots in a row that count as news. */
  readonly missedInRow: number
  readonly createdAtMs: number
}

export interface AlertDeliveryView {
  readonly id: string
  readonly channelId: string
  readonly kind: AlertKind | 'confirm'
  readonly title: string
  readonly detail: string
  /** `dead`: all attempts failed; its owner may have it tried again. */
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  readonly lastError?: string
  readonly createdAtMs: number
  readonly finishedAtMs?: number
}

export interface AlertsView {
  readonly channels: readonly AlertChannelView[]
  readonly subscriptions: readonly AlertSubscriptionView[]
  /** Newest first, at most 50. */
  readonly deliveries: readonly AlertDeliveryView[]
  readonly limits: { readonly channels: number; readonly subscriptions: number }
}

/** How alerts can be sent here. */
export interface AlertOptionsView {
  readonly email: boolean
  /** Plain http to the server's own machine: on development networks. */
  readonly loopback: boolean
  /** False where the server does not know its own address and so cannot let anyone sign in. */
  readonly signIn: boolean
}

export interface SignInChallenge {
  readonly nonce: string
  readonly domain: string
  readonly uri: string
  readonly chainId: number
  readonly statement: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** What the signature is about, where it is about something: the address of a new channel. */
  readonly resources?: readonly string[]
}
