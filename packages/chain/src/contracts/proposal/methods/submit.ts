import { defineMethod, everywhere, type Method, writing } from '#contracts/runtime'
import { ZERO_HASH } from '#primitives'
import { archiveSize, depositMissing, hashMissing, noElectorate, notMember, titleForm, tooManyOpen } from '../errors.ts'
import { submittedEvent } from '../events.ts'
import { MAX_ARCHIVE_BYTES, MAX_ELECTORATE, MAX_TITLE_LENGTH, MS_PER_SECOND, STATUS } from '../params.ts'
import { depositPort, membersPort, producersPort } from '../ports.ts'
import {
  electorates,
  listOpen,
  numbers,
  openProposals,
  pack,
  proposals,
  quorumOf,
  saveOpen,
  submissions,
} from '../state.ts'

/**
 * Submits a feature proposal: hashes of its text and of its source archive, and of the bundle built from it.
 * Origin: a member of the foundation · Requires: fewer than `openMax` own open proposals, the deposit unlocked
 * Effects: locks the deposit; the producers of the running term may choose until the period ends · Events: Submitted, token Locked
 * Errors: notMember, titleForm, hashMissing, archiveSize, tooManyOpen, noElectorate, depositMissing
 * Cost: a list of 101 addresses · Refs: PROPOSAL-SUBMIT-1, PROPOSAL-SUBMIT-2
 */
export const submit: Method = defineMethod({
  number: 1,
  signature:
    'function submit(string title, bytes32 textHash, bytes32 archiveHash, uint64 archiveBytes, bytes32 bundleHash)',
  intent:
    'Propose {title}: text {textHash}, archive {archiveHash} of {archiveBytes} bytes, bundle {bundleHash}, and leave the deposit',
  doc: 'Submits a feature proposal; its id is the transaction’s. A bundle hash of zero proposes no new collection.',
  resources: (_, { from, transactionId, declares }) => [
    writing(proposals, transactionId),
    writing(electorates, transactionId),
    writing(openProposals, from),
    everywhere('write', numbers),
    writing(submissions),
    ...declares(membersPort).asking(),
    ...declares(producersPort).producers(),
    ...declares(depositPort).locking(from, transactionId),
  ],
  verify: (ctx, { title, textHash, archiveHash, archiveBytes }) => {
    const author = ctx.env.from
    if (!ctx.read(membersPort).isMember(author)) return notMember
    if (title.trim().length === 0 || title.length > MAX_TITLE_LENGTH) return titleForm
    if (textHash === ZERO_HASH || archiveHash === ZERO_HASH) return hashMissing
    if (archiveBytes < 1n || archiveBytes > MAX_ARCHIVE_BYTES) return archiveSize
    if (BigInt(listOpen(ctx, author).length) >= ctx.env.param('openMax')) return tooManyOpen
    if (ctx.read(producersPort).producers().length === 0) return noElectorate
    return ctx.read(depositPort).balanceOf(author) < ctx.env.param('deposit') ? depositMissing : undefined
  },
  execute: (ctx, args) => {
    const { from: author, transactionId: proposalId, timeMs } = ctx.env
    const deposit = ctx.env.param('deposit')
    const endsAt = timeMs + ctx.env.param('periodSeconds') * MS_PER_SECOND
    const chosen = ctx.read(producersPort).producers().slice(0, MAX_ELECTORATE)
    const [electorate, quorum] = [chosen.length, quorumOf(chosen.length)]
    ctx.call(depositPort).lock({ lockId: proposalId, owner: author, amount: deposit, endsAt: 0n })
    ctx.add(submissions, {}, 1n)
    const number = Number(ctx.count(submissions, {}))
    ctx.set(numbers, { number }, { proposalId })
    ctx.set(electorates, { proposalId }, { addresses: pack(chosen) })
    saveOpen(ctx, author, [...listOpen(ctx, author), proposalId])
    const start = { status: STATUS.open, submittedAt: timeMs, closedAt: 0n, adopted: 0, declined: 0, number }
    ctx.set(proposals, { proposalId }, { author, ...args, ...start, endsAt, electorate, quorum, deposit })
    ctx.emit(submittedEvent, { proposalId, author, ...args, electorate, quorum, endsAt, deposit })
  },
})
