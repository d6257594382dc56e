import type { UpgradeStage } from '@aelf/governance/domain'
import { CopyButton } from '#ui/identity/copyButton.tsx'
import { Panel } from '#ui/panel.tsx'

const WHEN: Record<UpgradeStage, string> = {
  proposed: 'If producers signal it and it takes over,',
  signalled: 'If it is locked in and takes over,',
  lockedIn: 'When it takes over,',
  inForce: 'It has taken over:',
  past: 'When it took over,',
}

/** What an operator whose node lacks the bundle will see, and what to type. */
export function Behind({ hash, stage }: { hash: string; stage: UpgradeStage }) {
  return (
    <Panel id="behind" title="What happens to nodes that are behind">
      <p className="text-sm text-ink-2">
        {`${WHEN[stage]} a node without this bundle stops before the first block that needs it: it names the hash, ends with exit code 8 and changes nothing in its data. With the bundle installed it starts again and catches up. The chain goes on meanwhile, without it.`}
      </p>
      <Commands
        title="Get ready, or come back"
        lines={[
          `aelf collection verify next.bundle --source my-collection`,
          `aelf collection install next.bundle --config node/aelf.yaml`,
          `aelf collection status --config node/aelf.yaml`,
        ]}
        after={`“verify” prints the hash of the bundle: it must be the one of this page. “my-collection” is the unpacked source archive of the proposal. A node that had stopped is started as always.`}
      />
      {stage === 'inForce' || stage === 'past' ? null : (
        <Commands
          title="Producers: signal it, or stop signalling"
          lines={[
            `aelf collection signal ${hash} --config node/aelf.yaml`,
            `aelf collection signal none --config node/aelf.yaml`,
          ]}
          after="It counts from the next block this node makes. A node signals only what it could run."
        />
      )}
    </Panel>
  )
}

function Commands({ title, lines, after }: { title: string; lines: readonly string[]; after: string }) {
  return (
    <div className="mt-5">
      <div className="mb-2 flex items-center justify-between gap-3">
        <h3 className="text-sm font-semibold">{title}</h3>
        <CopyButton value={lines.join('\n')} label="commands" />
      </div>
      <pre
        className="rounded-xl bg-sunken px-4 py-3 font-mono text-xs/6 whitespace-pre-wrap [overflow-wrap:anywhere]"
        translate="no"
      >
        {lines.join('\n')}
      </pre>
      <p className="mt-2 text-sm text-ink-3">{after}</p>
    </div>
  )
}
