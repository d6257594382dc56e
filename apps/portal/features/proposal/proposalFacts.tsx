import type { ProposalView } from '@aelf/governance/domain'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { Amount } from '#ui/number/amount.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts } from '#ui/panel.tsx'

/** What the chain holds of a proposal; text and archive are checked by `sha256sum`. */
export function ProposalFacts({ proposal }: { proposal: ProposalView }) {
  const { author, textHash, archiveHash, archiveBytes, bundleHash, deposit, id } = proposal
  return (
    <Facts
      items={[
        { label: 'Author', value: <Address address={author} copy /> },
        { label: 'Text, SHA-256', value: <Hash value={textHash} label="hash of the text" head={14} tail={10} /> },
        {
          label: 'Archive, SHA-256',
          value: (
            <span>
              <Hash value={archiveHash} label="hash of the archive" head={14} tail={10} />
              <span className="num ms-2 text-sm text-ink-3">{`${formatInteger(archiveBytes)} bytes`}</span>
            </span>
          ),
        },
        {
          label: 'Bundle',
          value:
            bundleHash === undefined ? (
              <span className="text-ink-2">None: the collection stays as it is</span>
            ) : (
              <Hash
                value={bundleHash}
                href={`/upgrades/${bundleHash}`}
                label="hash of the bundle"
                head={14}
                tail={10}
              />
            ),
        },
        { label: 'Deposit', value: <Amount units={deposit} /> },
        {
          label: 'Proposal',
          value: <Hash value={id} href={`/explorer/txs/${id}`} label="id of the proposal" head={14} tail={10} />,
        },
      ]}
    />
  )
}
