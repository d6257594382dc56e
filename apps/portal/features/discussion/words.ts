import type { CommentRole } from '@aelf/governance/domain'
import type { Tone } from '#ui/badge.tsx'

export const ROLE_WORDS: Record<CommentRole, string> = {
  member: 'Foundation',
  producer: 'Producer',
  candidate: 'Candidate',
  holder: 'Holder',
}

export const ROLE_TONES: Record<CommentRole, Tone> = {
  member: 'brand',
  producer: 'good',
  candidate: 'neutral',
  holder: 'neutral',
}
