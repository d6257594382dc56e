interface Policy {
  readonly delegate: string
  readonly bps: number
  readonly votes: readonly { readonly id: string; readonly weight: bigint }[]
}

/**
 * The sharing of rewards a second time: at the end of a term every single vote gets its part, as a fraction over the weight of
 * all. Nothing is summed up over terms but the parts themselves.
 */
export class RewardModel {
  /** Parts of a vote that were not paid, as numerators over 10^18. */
  readonly parts: Map<string, bigint[]> = new Map()
  readonly commissions: Map<string, bigint> = new Map()
  owed = 0n
  private policies: ReadonlyMap<string, Policy> = new Map()
  private made: string[] = []
  private perBlock = 0n
  private readonly rules: { blockReward: bigint; halvingMs: bigint; genesisMs: bigint }

  constructor(rules: { blockReward: bigint; halvingMs: bigint; genesisMs: bigint }) {
    this.rules = rules
  }

  count(producer: string): void {
    this.made.push(producer)
  }

  minted(): bigint {
    return this.perBlock * BigInt(this.made.length)
  }

  begin(nowMs: bigint, policies: readonly Policy[]): void {
    const { blockReward, halvingMs, genesisMs } = this.rules
    this.perBlock = blockReward / 2n ** ((nowMs - genesisMs) / halvingMs)
    this.policies = new Map(policies.map((policy) => [policy.delegate, policy]))
    this.made = []
  }

  end(held: bigint): void {
    const income = held - this.owed
    for (const producer of new Set(this.made)) {
      const policy = this.policies.get(producer)
      if (policy === undefined) continue
      const blocks = BigInt(this.made.filter((maker) => maker === producer).length)
      this.share(policy, (income * blocks) / BigInt(this.made.length))
    }
  }

  private share({ delegate, bps, votes }: Policy, income: bigint): void {
    const commission = (income * BigInt(bps)) / 10_000n
    this.commissions.set(delegate, (this.commissions.get(delegate) ?? 0n) + commission)
    this.owed += commission
    const all = votes.reduce((sum, { weight }) => sum + weight, 0n)
    if (all === 0n) return
    this.owed += income - commission
    const each = ((income - commission) * 10n ** 18n) / all
    for (const { id, weight } of votes) this.parts.set(id, [...(this.parts.get(id) ?? []), weight * each])
  }

  claimable(id: string): bigint {
    return (this.parts.get(id) ?? []).reduce((sum, part) => sum + part, 0n) / 10n ** 18n
  }

  take(id: string): bigint {
    const amount = this.claimable(id)
    this.parts.delete(id)
    this.owed -= amount
    return amount
  }

  takeCommission(delegate: string): bigint {
    const amount = this.commissions.get(delegate) ?? 0n
    this.commissions.delete(delegate)
    this.owed -= amount
    return amount
  }
}
