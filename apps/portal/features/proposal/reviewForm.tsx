'use client'

import {
  checklistQuestions,
  PROPOSAL_TEXT_MAX_BYTES,
  type ProposalView,
  type Verdict,
  verdictNumber,
  verdicts,
} from '@aelf/governance/domain'
import { useState } from 'react'
import type { WriteFlowControls } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { ChoiceField } from './choiceField.tsx'
import { FailureNotice } from './contentNotice.tsx'
import { MarkdownField } from './markdownField.tsx'
import { useHandInFlow } from './useHandInFlow.ts'
import { useTextHash } from './useTextHash.ts'
import { VERDICT_WORDS } from './words.ts'

const NO_TEXT: `0x${string}` = `0x${'00'.repeat(32)}`

/** A delegate's signed review of exactly the proposed archive. */
export function ReviewForm({ proposal, controls: flow }: { proposal: ProposalView; controls: WriteFlowControls }) {
  const [verdict, setVerdict] = useState<Verdict | undefined>(undefined)
  const [checked, setChecked] = useState<ReadonlySet<number>>(new Set())
  const [text, setText] = useState('')
  const textHash = useTextHash(text)
  const attachment = text === '' || textHash === undefined ? undefined : { hash: textHash, text }
  const { controls, failure } = useHandInFlow(flow, attachment)
  const { id: proposalId, archiveHash } = proposal
  const toggle = (index: number): void => {
    const next = new Set(checked)
    if (!next.delete(index)) next.add(index)
    setChecked(next)
  }
  const checklist = [...checked].reduce((bits, index) => bits + 2 ** index, 0)
  const call =
    verdict === undefined
      ? { reason: 'Choose a verdict.' }
      : new TextEncoder().encode(text).length > PROPOSAL_TEXT_MAX_BYTES
        ? { reason: 'The text is too long.' }
        : text !== '' && attachment === undefined
          ? { reason: 'Hashing the text.' }
          : {
              contract: 'proposal',
              method: 'review',
              args: {
                proposalId,
                archiveHash,
                verdict: verdictNumber(verdict),
                reviewHash: attachment?.hash ?? NO_TEXT,
                checklist,
              },
            }
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        For registered delegates. It holds for this archive only; a later review takes the place of an earlier one. You
        sign the hash of your text, which is handed in before.
      </p>
      <ChoiceField
        legend="Verdict"
        name="verdict"
        value={verdict}
        onChange={setVerdict}
        options={verdicts.map((value) => ({ value, text: VERDICT_WORDS[value] }))}
      />
      <fieldset className="my-4">
        <legend className="mb-1 text-sm font-semibold">Checklist</legend>
        {checklistQuestions.map((question, index) => (
          <label key={question} className="flex min-h-8 cursor-pointer items-center gap-3 text-sm">
            <input
              type="checkbox"
              checked={checked.has(index)}
              onChange={() => toggle(index)}
              className="size-4 shrink-0 accent-(--brand)"
            />
            <span>{question}</span>
          </label>
        ))}
      </fieldset>
      <div className="mb-4">
        <MarkdownField
          label="Text, in Markdown, if you like"
          value={text}
          maxBytes={PROPOSAL_TEXT_MAX_BYTES}
          rows={5}
          onChange={setText}
        />
      </div>
      {failure === undefined ? null : <FailureNotice failure={failure} className="mb-3" />}
      <WritePanel controls={controls} call={call} actionText="Review what you sign" />
    </>
  )
}
