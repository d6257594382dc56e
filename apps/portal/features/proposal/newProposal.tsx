'use client'

import { PROPOSAL_TEXT_MAX_BYTES, PROPOSAL_TITLE_MAX, type ProposalRulesView } from '@aelf/governance/domain'
import { useEffect, useState } from 'react'
import { useWriteFlow } from '#features/wallet/flow/useWriteFlow.ts'
import { WritePanel } from '#features/wallet/flow/writePanel.tsx'
import { useSession } from '#features/wallet/session.ts'
import { Button } from '#ui/button.tsx'
import { Link } from '#ui/link.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { Panel } from '#ui/panel.tsx'
import type { ArchiveAnswer } from './archiveProtocol.ts'
import { readInWorker } from './archiveReader.ts'
import { ArchiveReport } from './archiveReport.tsx'
import { FileField } from './fileField.tsx'
import { Markdown } from './markdown.tsx'
import { sha256 } from './sha256.ts'
import { useDraft } from './useDraft.ts'

const NO_BUNDLE = `0x${'00'.repeat(32)}`
const FIELD = 'w-full rounded-lg border border-line-strong/60 bg-surface px-3 py-2'

/** Title, text and archive of a proposal; what is signed are the hashes. The draft stays in this browser. */
export function NewProposal({ rules }: { rules: ProposalRulesView }) {
  const [draft, setDraft] = useDraft()
  const [archive, setArchive] = useState<ArchiveAnswer | undefined>(undefined)
  const [textHash, setTextHash] = useState<`0x${string}` | undefined>(undefined)
  const [preview, setPreview] = useState(false)
  const { title, text } = draft
  const bytes = new TextEncoder().encode(text)
  useEffect(() => {
    let current = true
    setTextHash(undefined)
    void sha256(new TextEncoder().encode(text)).then((hash) => {
      if (current) setTextHash(hash)
    })
    return () => {
      current = false
    }
  }, [text])
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[1fr_24rem]">
      <div className="grid min-w-0 grid-cols-1 gap-6">
        <Panel id="words" title="Title and text" note="Kept in this browser as you write">
          <label className="block">
            <span className="mb-1 block text-sm font-semibold">Title</span>
            <input
              className={FIELD}
              value={title}
              maxLength={PROPOSAL_TITLE_MAX}
              onChange={({ target }) => setDraft({ ...draft, title: target.value })}
            />
          </label>
          <div className="mt-4 flex items-center justify-between gap-3">
            <label htmlFor="proposal-text" className="text-sm font-semibold">
              Text, in Markdown
            </label>
            <Button size="small" onClick={() => setPreview(!preview)} aria-pressed={preview}>
              Preview
            </Button>
          </div>
          {preview && bytes.length <= PROPOSAL_TEXT_MAX_BYTES ? (
            <div className="mt-2 rounded-lg border border-line p-4">
              <Markdown text={text} />
            </div>
          ) : (
            <textarea
              id="proposal-text"
              rows={14}
              className={`${FIELD} mt-1 font-mono text-sm`}
              value={text}
              onChange={({ target }) => setDraft({ ...draft, text: target.value })}
            />
          )}
          <p className="mt-1 text-sm text-ink-3">{`${bytes.length} of ${PROPOSAL_TEXT_MAX_BYTES} bytes`}</p>
          {text === '' ? null : (
            <a
              className="link mt-2 inline-flex min-h-6 items-center text-sm"
              download="proposal.md"
              href={`data:text/markdown;charset=utf-8,${encodeURIComponent(text)}`}
            >
              Download the text: reviewers need this very file
            </a>
          )}
        </Panel>
        <Panel
          id="archive"
          title="Source archive"
          note="Hashed and unpacked in this browser; reviewers need this very file"
        >
          <FileField
            label="Archive file"
            hint="Choose or drop the .tar.gz or .zip, at most 10 MiB"
            accept=".gz,.tgz,.zip,application/gzip,application/zip"
            onFile={(file) => void readInWorker(file).then(setArchive)}
          />
          <div aria-live="polite">{archive === undefined ? null : <ArchiveReport answer={archive} />}</div>
        </Panel>
      </div>
      <div className="panel p-5 lg:sticky lg:top-20">
        <Submit rules={rules} title={title} textBytes={bytes.length} textHash={textHash} archive={archive} />
      </div>
    </div>
  )
}

interface SubmitProps {
  rules: ProposalRulesView
  title: string
  textBytes: number
  textHash: `0x${string}` | undefined
  archive: ArchiveAnswer | undefined
}

function Submit({ rules, title, textBytes, textHash, archive }: SubmitProps) {
  const controls = useWriteFlow()
  const session = useSession()
  const [bundle, setBundle] = useState('')
  const reason =
    session !== undefined && !rules.members.includes(session.address)
      ? 'Only members of the foundation submit; this account is none.'
      : title.trim() === ''
        ? 'Write a title.'
        : textBytes === 0
          ? 'Write the text.'
          : textBytes > PROPOSAL_TEXT_MAX_BYTES
            ? 'The text is too long.'
            : archive?.ok !== true
              ? 'Choose the source archive.'
              : bundle !== '' && !/^0x[0-9a-f]{64}$/.test(bundle)
                ? 'The hash of the bundle is 0x and 64 digits.'
                : textHash === undefined
                  ? 'Hashing the text.'
                  : undefined
  const call =
    reason !== undefined || archive?.ok !== true || textHash === undefined
      ? { reason: reason ?? 'Choose the source archive.' }
      : {
          contract: 'proposal',
          method: 'submit',
          args: {
            title,
            textHash,
            archiveHash: archive.archive.hash,
            archiveBytes: BigInt(archive.archive.packedBytes),
            bundleHash: bundle === '' ? NO_BUNDLE : bundle,
          },
        }
  const { flow } = controls
  return (
    <>
      <p className="mb-4 text-sm text-ink-2">
        <span>A deposit of </span>
        <Amount units={rules.deposit} className="font-medium text-ink" />
        <span>{` is locked until it is closed; it is lost when it is rejected. Producers have ${Math.round(rules.periodMs / 86_400_000)} days.`}</span>
      </p>
      <label className="mb-4 block">
        <span className="mb-1 block text-sm font-semibold">Bundle, where there is one</span>
        <input
          className={`${FIELD} font-mono text-sm`}
          value={bundle}
          placeholder="0x…"
          spellCheck={false}
          onChange={({ target }) => setBundle(target.value.trim().toLowerCase())}
        />
        <span className="mt-1 block text-sm text-ink-3">Empty when the collection stays as it is.</span>
      </label>
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
