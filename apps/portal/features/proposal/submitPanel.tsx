'use client'

import { PROPOSAL_TEXT_MAX_BYTES, type ProposalRulesView } from '@aelf/governance/domain'
import { useWriteFlow } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import type { CallRequest } from '#features/wallet/port.ts'
import { useSession } from '#features/wallet/session.ts'
import { Hash } from '#ui/identity/hash.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import type { ChosenArchive } from './archivePanel.tsx'
import { FailureNotice } from './contentNotice.tsx'
import type { CheckState } from './useArchiveCheck.ts'
import { useHandInFlow } from './useHandInFlow.ts'
import { useTextHash } from './useTextHash.ts'

const NO_BUNDLE: `0x${string}` = `0x${'00'.repeat(32)}`
const DAY_MS = 86_400_000

interface SubmitProps {
  rules: ProposalRulesView
  title: string
  text: string
  archive: ChosenArchive | undefined
  check: CheckState
}

/** What is missing, the bundle that will be named, and the signature. The text is handed in before its hash is signed. */
export function SubmitPanel({ rules, title, text, archive, check }: SubmitProps) {
  const session = useSession()
  const textHash = useTextHash(text)
  const attachment = textHash === undefined ? undefined : { hash: textHash, text }
  const { controls, failure } = useHandInFlow(useWriteFlow(), attachment)
  const bundle = bundleOf(archive, check)
  const isStranger = session !== undefined && !rules.members.includes(session.address)
  const call = isStranger
    ? { reason: 'Only members of the foundation submit; this account is none.' }
    : callOf({ title, text, textHash, archive, bundle })
  const { flow } = controls
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        <span>A deposit of </span>
        <Amount units={rules.deposit} className="font-medium text-ink" />
        <span>{` is locked until it is closed; it is lost when it is rejected. Producers have ${Math.round(rules.periodMs / DAY_MS)} days.`}</span>
      </p>
      {'hash' in bundle ? (
        <p className="mb-4 text-sm">
          <span className="mb-1 block font-semibold">Bundle</span>
          {bundle.hash === NO_BUNDLE ? (
            <span className="text-ink-2">None: the archive is no collection, the contracts stay as they are.</span>
          ) : (
            <Hash value={bundle.hash} label="hash of the bundle" head={14} tail={10} />
          )}
        </p>
      ) : null}
      {failure === undefined ? null : <FailureNotice failure={failure} className="mb-3" />}
      <WritePanel
        controls={controls}
        call={call}
        actionText="Review the proposal"
        after={
          flow.step === 'sent' ? (
            <Link href={`/proposals/${flow.id}`} className="link text-sm">
              Open the proposal
            </Link>
          ) : null
        }
      />
    </>
  )
}

type Bundle = { readonly hash: `0x${string}` } | { readonly reason: string }

/** The bundle that the server built from the chosen archive, or why none is known. */
function bundleOf(archive: ChosenArchive | undefined, check: CheckState): Bundle {
  if (archive === undefined) return { reason: 'Choose the source archive.' }
  const { answer } = archive
  if (!answer.ok) return { reason: 'Choose an archive that is accepted.' }
  if (check.step !== 'done' || check.check.archiveHash !== answer.archive.hash)
    return { reason: 'Hand in the archive and have it built.' }
  const outcome = check.check.report?.outcome
  if (outcome?.kind === 'built') return { hash: outcome.bundleHash }
  if (outcome?.kind === 'plain') return { hash: NO_BUNDLE }
  return { reason: 'The server could not build the archive; mend it first.' }
}

interface Written {
  readonly title: string
  readonly text: string
  readonly textHash: `0x${string}` | undefined
  readonly archive: ChosenArchive | undefined
  readonly bundle: Bundle
}

function callOf({ title, text, textHash, archive, bundle }: Written): CallRequest | { readonly reason: string } {
  if (title.trim() === '') return { reason: 'Write a title.' }
  if (text === '') return { reason: 'Write the text.' }
  if (new TextEncoder().encode(text).length > PROPOSAL_TEXT_MAX_BYTES) return { reason: 'The text is too long.' }
  if ('reason' in bundle) return bundle
  if (textHash === undefined || archive?.answer.ok !== true) return { reason: 'Hashing the text.' }
  const { hash, packedBytes } = archive.answer.archive
  return {
    contract: 'proposal',
    method: 'submit',
    args: { title, textHash, archiveHash: hash, archiveBytes: BigInt(packedBytes), bundleHash: bundle.hash },
  }
}
