/** Rules of feature proposals as people meet them; the contract has the same ones. */

export const proposalStatuses = ['open', 'approved', 'rejected', 'withdrawn', 'expired'] as const
export type ProposalStatus = (typeof proposalStatuses)[number]

export const verdicts = ['sound', 'concerns', 'unsound'] as const
export type Verdict = (typeof verdicts)[number]

/** Numbers of verdicts on the chain start at 1. */
export const verdictOf = (number: number): Verdict | undefined => verdicts[number - 1]
export const verdictNumber = (verdict: Verdict): number => verdicts.indexOf(verdict) + 1

/** Questions of the checklist of version 1, in the order of their bits. */
export const checklistQuestions: readonly string[] = [
  'The text says what the code does',
  'I built the bundle and its hash is the same',
  'I read every changed file',
  'I ran the tests',
  'No secrets and no binaries',
  'I looked at the dry run',
  'Parameters and amounts are as intended',
  'State that exists stays valid',
]

export const PROPOSAL_TITLE_MAX = 100
export const PROPOSAL_TEXT_MAX_BYTES: number = 64 * 1024
export const ARCHIVE_MAX_BYTES: number = 10 * 1024 * 1024

/** More than two thirds. */
export const quorumOf = (electorate: number): number => Math.floor((2 * electorate) / 3) + 1

/** How a proposal stands: an open one whose time is over is expired, whether or not somebody closed it. */
export const proposalStatusAt = (status: ProposalStatus, endsAtMs: number, nowMs: number): ProposalStatus =>
  status === 'open' && endsAtMs <= nowMs ? 'expired' : status

export interface ProposalOutlook {
  /** Adoptions still needed to approve. */
  readonly neededToAdopt: number
  /** Declines still needed to reject. */
  readonly neededToDecline: number
  readonly undecided: number
}

export function proposalOutlook(counts: {
  readonly electorate: number
  readonly quorum: number
  readonly adopted: number
  readonly declined: number
}): ProposalOutlook {
  const { electorate, quorum, adopted, declined } = counts
  return {
    neededToAdopt: Math.max(0, quorum - adopted),
    neededToDecline: Math.max(0, electorate - quorum + 1 - declined),
    undecided: electorate - adopted - declined,
  }
}
