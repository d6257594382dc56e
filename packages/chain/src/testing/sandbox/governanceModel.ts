import { TREASURY_ADDRESS } from '#kernel'
import { Model, type ModelRules } from './model.ts'
import type { ModelFacts } from './tokenModel.ts'

const MIB = 1_048_576n
const ZERO = `0x${'00'.repeat(32)}`
const NOBODY = `0x${'00'.repeat(20)}`

export interface GovernanceRules extends ModelRules {
  readonly members: readonly string[]
  readonly memberThreshold: number
  readonly changeMs: bigint
  readonly proposalDeposit: bigint
  readonly periodMs: bigint
}

interface Args {
  readonly member: string
  readonly threshold: number
  readonly title: string
  readonly textHash: string
  readonly archiveHash: string
  readonly archiveBytes: bigint
  readonly proposalId: string
  readonly verdict: number
  readonly checklist: number
}

interface ModelChange {
  readonly opener: string
  readonly endsAt: bigint
  readonly voters: string[]
}

export interface ModelProposal {
  readonly author: string
  readonly textHash: string
  readonly archiveHash: string
  readonly endsAt: bigint
  readonly electorate: readonly string[]
  readonly choices: Map<string, 'adopt' | 'decline'>
  readonly reviews: Map<string, number>
  status: 'open' | 'approved' | 'rejected' | 'withdrawn' | 'expired'
}

/** Foundation and proposals told a second time: who chose what is kept by name, and everything is counted anew at every question. */
export class GovernanceModel extends Model {
  members: string[]
  threshold: number
  readonly changes: Map<string, ModelChange> = new Map()
  readonly proposals: Map<string, ModelProposal> = new Map()
  private readonly own: GovernanceRules

  constructor(rules: GovernanceRules) {
    super(rules)
    this.own = rules
    this.members = [...rules.members]
    this.threshold = rules.memberThreshold
  }

  private vote(from: string, name: string, { nowMs }: ModelFacts): 'counted' | 'enough' | 'refused' {
    for (const [other, { endsAt }] of this.changes) if (endsAt <= nowMs) this.changes.delete(other)
    const known = this.changes.get(name)
    if (known?.voters.includes(from)) return 'refused'
    if (known === undefined && [...this.changes.values()].some(({ opener }) => opener === from)) return 'refused'
    const change = known ?? { opener: from, endsAt: nowMs + this.own.changeMs, voters: [] }
    change.voters.push(from)
    this.changes.set(name, change)
    if (change.voters.filter((voter) => this.members.includes(voter)).length < this.threshold) return 'counted'
    this.changes.delete(name)
    return 'enough'
  }

  protected do_foundation_addMember(from: string, { member }: Args, facts: ModelFacts): boolean {
    if (!this.members.includes(from) || this.members.includes(member) || member === NOBODY) return false
    const result = this.vote(from, `add ${member}`, facts)
    if (result === 'enough') this.members.push(member)
    return result !== 'refused'
  }

  protected do_foundation_removeMember(from: string, { member }: Args, facts: ModelFacts): boolean {
    if (!this.members.includes(from) || !this.members.includes(member)) return false
    if (this.members.length <= this.threshold) return false
    const result = this.vote(from, `remove ${member}`, facts)
    if (result === 'enough') this.members = this.members.filter((other) => other !== member)
    return result !== 'refused'
  }

  protected do_foundation_setThreshold(from: string, { threshold }: Args, facts: ModelFacts): boolean {
    if (!this.members.includes(from) || threshold === this.threshold) return false
    if (threshold === 0 || threshold > this.members.length) return false
    const result = this.vote(from, `threshold ${threshold}`, facts)
    if (result === 'enough') this.threshold = threshold
    return result !== 'refused'
  }

  protected do_proposal_submit(from: string, args: Args, { nowMs, id }: ModelFacts): boolean {
    const { title, textHash, archiveHash, archiveBytes } = args
    if (!this.members.includes(from) || title.trim() === '' || archiveHash === ZERO || textHash === ZERO) return false
    if (archiveBytes === 0n || archiveBytes > 10n * MIB) return false
    const open = [...this.proposals.values()].filter(({ author, status }) => author === from && status === 'open')
    if (open.length === 3 || !this.take(from, 'ELF', this.own.proposalDeposit)) return false
    this.locks.set(id, {
      owner: from,
      symbol: 'ELF',
      amount: this.own.proposalDeposit,
      endsAt: 0n,
      byElection: true,
    })
    const endsAt = nowMs + this.own.periodMs
    const electorate = [...this.producers]
    const nothing = { choices: new Map(), reviews: new Map(), status: 'open' as const }
    this.proposals.set(id, { author: from, textHash, archiveHash, endsAt, electorate, ...nothing })
    return true
  }

  private openProposal(id: string, nowMs: bigint): ModelProposal | undefined {
    const found = this.proposals.get(id)
    return found?.status === 'open' && nowMs < found.endsAt ? found : undefined
  }

  private end(id: string, status: ModelProposal['status']): void {
    const proposal = this.proposals.get(id)!
    proposal.status = status
    this.locks.delete(id)
    this.give(status === 'rejected' ? TREASURY_ADDRESS : proposal.author, 'ELF', this.own.proposalDeposit)
  }

  tally(id: string, choice: 'adopt' | 'decline'): number {
    return [...this.proposals.get(id)!.choices.values()].filter((made) => made === choice).length
  }

  private choose(from: string, args: Args, facts: ModelFacts, choice: 'adopt' | 'decline'): boolean {
    const { proposalId: id, textHash, archiveHash } = args
    const found = this.openProposal(id, facts.nowMs)
    if (found === undefined || !found.electorate.includes(from)) return false
    if (found.textHash !== textHash || found.archiveHash !== archiveHash || found.choices.get(from) === choice)
      return false
    found.choices.set(from, choice)
    const size = found.electorate.length
    // In thirds, so that nothing is rounded.
    if (3 * this.tally(id, 'adopt') > 2 * size) this.end(id, 'approved')
    else if (3 * (size - this.tally(id, 'decline')) <= 2 * size) this.end(id, 'rejected')
    return true
  }

  protected do_proposal_adopt(from: string, args: Args, facts: ModelFacts): boolean {
    return this.choose(from, args, facts, 'adopt')
  }

  protected do_proposal_decline(from: string, args: Args, facts: ModelFacts): boolean {
    return this.choose(from, args, facts, 'decline')
  }

  protected do_proposal_review(from: string, args: Args, { nowMs }: ModelFacts): boolean {
    const found = this.openProposal(args.proposalId, nowMs)
    if (found === undefined || this.candidates.get(from)?.quitTerm !== 0) return false
    if (found.archiveHash !== args.archiveHash || ![1, 2, 3].includes(args.verdict) || args.checklist > 255)
      return false
    found.reviews.set(from, args.verdict)
    return true
  }

  protected do_proposal_withdraw(from: string, { proposalId }: Args, { nowMs }: ModelFacts): boolean {
    if (this.openProposal(proposalId, nowMs)?.author !== from) return false
    this.end(proposalId, 'withdrawn')
    return true
  }

  protected do_proposal_expire(_from: string, { proposalId }: Args, { nowMs }: ModelFacts): boolean {
    const found = this.proposals.get(proposalId)
    if (found?.status !== 'open' || nowMs < found.endsAt) return false
    this.end(proposalId, 'expired')
    return true
  }
}
