'use client'

import {
  type BaseView,
  PROPOSAL_TEXT_MAX_BYTES,
  PROPOSAL_TITLE_MAX,
  type ProposalRulesView,
} from '@aelf/governance/domain'
import { useState } from 'react'
import { Panel } from '#ui/panel.tsx'
import { ArchivePanel, type ChosenArchive } from './archivePanel.tsx'
import { FIELD, MarkdownField } from './markdownField.tsx'
import { SubmitPanel } from './submitPanel.tsx'
import { useArchiveCheck } from './useArchiveCheck.ts'
import { useDraft } from './useDraft.ts'

/** Title, text and archive of a proposal; what is signed are the hashes. The draft stays in this browser until it is signed. */
export function NewProposal({ rules, base }: { rules: ProposalRulesView; base: BaseView | undefined }) {
  const [draft, setDraft] = useDraft()
  const [archive, setArchive] = useState<ChosenArchive | undefined>(undefined)
  const { state, start } = useArchiveCheck()
  const { title, text } = draft
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[1fr_24rem]">
      <div className="grid min-w-0 grid-cols-1 gap-6">
        <Panel id="words" title="Title and text" note="Kept in this browser as you write">
          <label className="mb-4 block">
            <span className="mb-1 block text-sm font-semibold">Title</span>
            <input
              className={FIELD}
              value={title}
              maxLength={PROPOSAL_TITLE_MAX}
              onChange={({ target }) => setDraft({ ...draft, title: target.value })}
            />
          </label>
          <MarkdownField
            label="Text, in Markdown"
            value={text}
            maxBytes={PROPOSAL_TEXT_MAX_BYTES}
            rows={14}
            onChange={(next) => setDraft({ ...draft, text: next })}
          />
          {text === '' ? null : (
            <a
              className="link mt-2 inline-flex min-h-6 items-center text-sm"
              download="proposal.md"
              href={`data:text/markdown;charset=utf-8,${encodeURIComponent(text)}`}
            >
              Download the text
            </a>
          )}
        </Panel>
        <ArchivePanel archive={archive} onArchive={setArchive} state={state} onCheck={start} base={base} />
      </div>
      <div className="panel p-5 lg:sticky lg:top-20">
        <SubmitPanel rules={rules} title={title} text={text} archive={archive} check={state} />
      </div>
    </div>
  )
}
