import type { OperatorDelegate, OperatorStatus } from '@aelf/governance/domain'
import type { ReactNode } from 'react'
import { ButtonLink } from '#ui/button.tsx'
import { Address } from '#ui/identity/hash.tsx'
import { EmptyState, Notice } from '#ui/notice.tsx'
import { formatInteger } from '#ui/number/format.ts'
import { Facts, Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time/time.tsx'

const KEY_TEXT = {
  keystore: 'Keystore file on the node’s machine',
  remote: 'Remote signer',
} as const

/** The delegate this node signs for. */
export function DelegatePanel({ status: { delegate, info } }: { status: OperatorStatus }) {
  return (
    <Panel
      id="delegate"
      title="Delegate"
      flush
      aside={
        delegate === null ? null : (
          <ButtonLink size="small" href={`/me/notifications?delegate=${delegate.address}`}>
            Alerts
          </ButtonLink>
        )
      }
    >
      {delegate === null ? (
        <EmptyState title="This node runs no delegate">
          It follows and checks the chain. With a keystore in aelf.yaml it produces for a registered delegate.
        </EmptyState>
      ) : (
        <>
          {delegate.excludedUntilMs === null ? null : (
            <Notice kind="warn" className="m-5 mb-2" title="Excluded after two missed slots in a row">
              <span>It returns </span>
              <Time at={delegate.excludedUntilMs} mode="both" />
              <span>{`. Failure ${delegate.failures} of this term; the time doubles with each.`}</span>
            </Notice>
          )}
          <Facts items={factsOf(delegate, info.platform)} />
        </>
      )}
    </Panel>
  )
}

function factsOf(delegate: OperatorDelegate, platform: string): readonly { label: string; value: ReactNode }[] {
  const { lastSigned } = delegate
  return [
    {
      label: 'Account',
      value: <Address address={delegate.address} name={delegate.name} href={`/delegates/${delegate.address}`} />,
    },
    {
      label: 'This term',
      value: (
        <span className="num">{`${formatInteger(delegate.produced)} produced, ${formatInteger(delegate.missed)} missed`}</span>
      ),
    },
    {
      label: 'Exclusions this term',
      value: <span className="num">{delegate.failures === 0 ? 'none' : formatInteger(delegate.failures)}</span>,
    },
    { label: 'Key', value: delegate.keySource === null ? 'No key on this node' : KEY_TEXT[delegate.keySource] },
    {
      label: 'Last signed',
      value:
        lastSigned === null ? (
          'Nothing yet'
        ) : (
          <span className="num">{`Block ${formatInteger(BigInt(lastSigned.height))}, slot ${formatInteger(BigInt(lastSigned.slot))}`}</span>
        ),
    },
    ...(delegate.watching ? [{ label: 'Before signing', value: 'Watching whether the same key signs elsewhere' }] : []),
    { label: 'Platform', value: <span translate="no">{platform}</span> },
  ]
}
