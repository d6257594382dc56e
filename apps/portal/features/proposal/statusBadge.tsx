import type { ProposalStatus, Verdict } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { STATUS_TONES, STATUS_WORDS, VERDICT_TONES, VERDICT_WORDS } from './words.ts'

export const StatusBadge = ({ status }: { status: ProposalStatus }) => (
  <Badge tone={STATUS_TONES[status]}>{STATUS_WORDS[status]}</Badge>
)

export const VerdictBadge = ({ verdict }: { verdict: Verdict }) => (
  <Badge tone={VERDICT_TONES[verdict]}>{VERDICT_WORDS[verdict]}</Badge>
)
