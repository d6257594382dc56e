'use client'

import { cn } from '#ui/cn.ts'
import { Amount } from '#ui/number/amount.tsx'
import { formatAmount } from '#ui/number/format.ts'

interface AmountFieldProps {
  text: string
  onChange: (text: string) => void
  balance: bigint | undefined
  spendable: bigint | undefined
  problem: string | undefined
}

/** How much to lock. The whole balance minus a reserve for the fee is one press away. */
export function AmountField({ text, onChange, balance, spendable, problem }: AmountFieldProps) {
  return (
    <div>
      <div
        className={cn(
          'flex h-14 items-center gap-2 rounded-xl border bg-surface px-4 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-brand',
          problem === undefined ? 'border-line-strong/60' : 'border-bad',
        )}
      >
        <input
          id="amount"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          inputMode="decimal"
          autoComplete="off"
          placeholder="0"
          aria-invalid={problem !== undefined}
          aria-describedby="amount-help"
          className="num h-full min-w-0 flex-1 bg-transparent text-2xl font-semibold tracking-tight outline-none placeholder:text-ink-3"
        />
        <span className="text-ink-3" translate="no">
          ELF
        </span>
        {spendable === undefined || spendable <= 0n ? null : (
          <button
            type="button"
            onClick={() => onChange(formatAmount(spendable).replace(/,/g, ''))}
            className="h-8 rounded-lg bg-brand-soft px-2.5 text-sm font-medium text-brand hover:bg-sunken"
          >
            Max
          </button>
        )}
      </div>
      <div id="amount-help" className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="text-ink-3">
          {balance === undefined ? (
            'At least 1 ELF'
          ) : (
            <span>
              {'Available '}
              <Amount units={balance} />
            </span>
          )}
        </span>
        {problem === undefined ? null : (
          <span role="alert" className="text-bad">
            {problem}
          </span>
        )}
      </div>
    </div>
  )
}
