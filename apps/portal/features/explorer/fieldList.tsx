import type { FieldView } from '@aelf/governance/domain'
import { Address, Hash } from '#ui/identity/hash.tsx'
import { Time } from '#ui/time/time.tsx'

/** Named values of a call or an event, each shown as what it is. */
export function FieldList({ fields }: { fields: readonly FieldView[] }) {
  return (
    <dl className="grid gap-y-1.5 text-sm">
      {fields.map((field) => (
        <div key={field.name} className="grid items-center gap-x-4 sm:grid-cols-[10rem_1fr]">
          <dt className="font-mono text-[0.8125rem] text-ink-3" translate="no">
            {field.name}
          </dt>
          <dd className="min-w-0">
            <FieldValue field={field} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FieldValue({ field }: { field: FieldView }) {
  if (field.type === 'address') return <Address address={String(field.value)} />
  if (/(At|AtMs)$/.test(field.name) && /^uint(64|256)$/.test(field.type))
    return <Time at={Number(field.value)} mode="both" />
  if (field.type === 'bytes32') return <Hash value={String(field.value)} label={field.name} />
  return (
    <span className="num [overflow-wrap:anywhere]" translate="no">
      {field.display}
    </span>
  )
}
