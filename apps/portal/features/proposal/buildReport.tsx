import type { ArchiveCheckView, ArchiveOutcome } from '@aelf/governance/domain'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Hash } from '#ui/identity/hash.tsx'
import { Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Time } from '#ui/time/time.tsx'
import { sourceHref } from './sourcePlace.ts'

interface ReportProps {
  check: ArchiveCheckView
  /** What the proposal names; absent while it is being written. */
  proposed?: { readonly bundleHash: `0x${string}` | undefined } | undefined
  /** Whether the source can be opened on this page. */
  opens?: boolean
}

/** What the server made of the archive: a claim of this server that a reviewer checks by building it. */
export function BuildReport({ check, proposed, opens = false }: ReportProps) {
  const { report, finishedAtMs } = check
  if (report === undefined)
    return (
      <p role="status" className="text-sm text-ink-2">
        The server is reading and building it.
      </p>
    )
  const { outcome, files, warned } = report
  return (
    <div className="grid gap-3">
      <p className="text-sm text-ink-2">
        {outcome.kind === 'refused'
          ? 'The server refused it. '
          : `The server read ${formatInteger(files)} files, ${warned === 0 ? 'nothing stands out' : `${formatInteger(warned)} to look at`}. `}
        {finishedAtMs === undefined ? null : <Time at={finishedAtMs} className="text-ink-3" />}
      </p>
      <Outcome outcome={outcome} opens={opens} />
      {proposed === undefined ? null : <Comparison outcome={outcome} named={proposed.bundleHash} />}
    </div>
  )
}

function Outcome({ outcome, opens }: { outcome: ArchiveOutcome; opens: boolean }) {
  switch (outcome.kind) {
    case 'refused':
      return (
        <Notice kind="error" title="Nobody should unpack this archive" code={outcome.code}>
          {outcome.message}
        </Notice>
      )
    case 'plain':
      return (
        <Notice title="It is not the source of a collection">
          There is no collection.json at its root, so there is nothing to build: the contracts stay as they are.
        </Notice>
      )
    case 'failed':
      return (
        <Notice kind="error" title="It cannot be built" code={outcome.code}>
          <span className="[overflow-wrap:anywhere]">{outcome.message}</span>
          <Place outcome={outcome} opens={opens} />
        </Notice>
      )
    case 'built':
      return <Built outcome={outcome} />
  }
}

/** The line that was refused, as it is written, and the way to it. */
function Place({ outcome, opens }: { outcome: ArchiveOutcome & { kind: 'failed' }; opens: boolean }) {
  const { file, line, text } = outcome
  if (text === undefined) return null
  const place = file === undefined ? undefined : line === undefined ? file : `${file}:${line}`
  return (
    <span className="mt-1 block font-mono text-xs break-all" translate="no">
      {place === undefined ? null : file !== undefined && line !== undefined && opens ? (
        <a href={sourceHref({ file, line })} className="link inline-flex min-h-6 items-center">
          {place}
        </a>
      ) : (
        <span>{place}</span>
      )}
      {place === undefined ? null : ' '}
      <code>{text}</code>
    </span>
  )
}

function Built({ outcome }: { outcome: ArchiveOutcome & { kind: 'built' } }) {
  const { bundleHash, bundleBytes, name, version, params } = outcome
  const values = Object.entries(params)
  return (
    <dl className="grid gap-2 text-sm">
      <Row label="Bundle">
        <Hash value={bundleHash} label="hash of the bundle" head={14} tail={10} />
      </Row>
      <Row label="Collection">
        <span className="[overflow-wrap:anywhere]" translate="no">{`${name} ${version}`}</span>
        <span className="text-ink-3">{` · ${formatInteger(bundleBytes)} bytes`}</span>
      </Row>
      <Row label="Values it sets">
        {values.length === 0 ? (
          <span>None but those in its code</span>
        ) : (
          <ul className="font-mono text-[0.8125rem] break-all" translate="no">
            {values.map(([param, value]) => (
              <li key={param}>{`${param} = ${value}`}</li>
            ))}
          </ul>
        )}
      </Row>
    </dl>
  )
}

const Row = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <div className="grid gap-x-4 sm:grid-cols-[8rem_1fr]">
    <dt className="text-ink-3">{label}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)

/** The archive and the bundle that a proposal names must belong together. */
function Comparison({ outcome, named }: { outcome: ArchiveOutcome; named: `0x${string}` | undefined }) {
  if (outcome.kind === 'built' && named === undefined)
    return (
      <Notice kind="warn" title="The archive is a collection, and the proposal names no bundle">
        Approving it does not propose to replace the contracts.
      </Notice>
    )
  if (outcome.kind === 'built' && outcome.bundleHash === named)
    return <Notice title="The archive gives the bundle that the proposal names">Build it yourself to be sure.</Notice>
  if (named === undefined) return null
  return (
    <Notice kind="error" title="The archive does not give the bundle that the proposal names" code={named}>
      Whoever signals that bundle runs other code than the code under review.
    </Notice>
  )
}

/** How a reviewer builds it, and how a producer's operator puts it to use. */
export function BundleCommands({ archiveHash, bundleHash }: { archiveHash: string; bundleHash: string }) {
  const groups = [
    {
      title: 'Build it from the downloaded archive; it must print the same hash',
      lines: [`aelf collection build ${archiveHash} --out next.bundle`],
    },
    {
      title: 'Or check the downloaded bundle against the archive',
      lines: [`aelf collection verify ${bundleHash} --source ${archiveHash}`],
    },
    {
      title: 'What it would change on the running chain, on a machine of yours: this runs its code',
      lines: ['aelf collection dry-run next.bundle'],
    },
    {
      title: 'Once it is approved: install it on a node, and signal it',
      lines: ['aelf collection install next.bundle', `aelf collection signal ${bundleHash}`],
    },
  ]
  return (
    <div className="mt-4 grid gap-3">
      {groups.map(({ title, lines }) => (
        <div key={title}>
          <p className="mb-1 text-sm font-medium">{title}</p>
          <div className="grid gap-1 rounded-lg bg-sunken p-2">
            {lines.map((line) => (
              <div key={line} className="flex items-start gap-2">
                <code className="min-w-0 flex-1 py-1 font-mono text-xs break-all" translate="no">
                  {line}
                </code>
                <CopyButton value={line} label="command" />
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  )
}
