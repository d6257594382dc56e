import type { ProposalEventKind, ProposalStatus, Verdict } from '@aelf/governance/domain'
import type { Tone } from '#ui/badge.tsx'

export const STATUS_WORDS: Record<ProposalStatus, string> = {
  open: 'Open',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
}

export const STATUS_TONES: Record<ProposalStatus, Tone> = {
  open: 'brand',
  approved: 'good',
  rejected: 'oppose',
  withdrawn: 'neutral',
  expired: 'neutral',
}

export const VERDICT_WORDS: Record<Verdict, string> = { sound: 'Sound', concerns: 'Concerns', unsound: 'Unsound' }
export const VERDICT_TONES: Record<Verdict, Tone> = { sound: 'support', concerns: 'warn', unsound: 'oppose' }

export const EVENT_WORDS: Record<ProposalEventKind, string> = {
  submitted: 'Submitted',
  reviewed: 'Reviewed',
  adopted: 'Adopted',
  declined: 'Declined',
  approved: 'Approved',
  rejected: 'Rejected',
  withdrawn: 'Withdrawn',
  expired: 'Expired',
}
