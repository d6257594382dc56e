import type { DelegateStatus } from '@aelf/governance/domain'
import { Badge, type Tone } from '#ui/badge.tsx'

const STATUS: Record<DelegateStatus, { text: string; tone: Tone; help: string }> = {
  producer: { text: 'Producer', tone: 'brand', help: 'Makes blocks in this term' },
  backup: { text: 'Backup', tone: 'support', help: 'Next in line after the producers' },
  candidate: { text: 'Candidate', tone: 'neutral', help: 'Registered and electable' },
  excluded: { text: 'Excluded', tone: 'oppose', help: 'Out of the schedule for a while after missed slots' },
  quit: { text: 'Has quit', tone: 'neutral', help: 'Left the election' },
  evicted: { text: 'Evicted', tone: 'bad', help: 'Removed after signing two blocks for one slot' },
}

export function DelegateStatusBadge({ status }: { status: DelegateStatus }) {
  const { text, tone, help } = STATUS[status]
  return (
    <span title={help}>
      <Badge tone={tone}>{text}</Badge>
    </span>
  )
}
