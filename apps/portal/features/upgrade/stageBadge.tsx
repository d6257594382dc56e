import type { UpgradeStage } from '@aelf/governance/domain'
import { Badge } from '#ui/badge.tsx'
import { STAGE_TONES, STAGE_WORDS } from './words.ts'

export const StageBadge = ({ stage }: { stage: UpgradeStage }) => (
  <Badge tone={STAGE_TONES[stage]}>{STAGE_WORDS[stage]}</Badge>
)
