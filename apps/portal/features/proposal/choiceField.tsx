'use client'

import { cn } from '#ui/cn.ts'

interface ChoiceFieldProps<T extends string> {
  legend: string
  name: string
  value: T | undefined
  onChange: (value: T) => void
  options: readonly { readonly value: T; readonly text: string; readonly note?: string | undefined }[]
}

/** One of a few, each a target of a full line. */
export function ChoiceField<T extends string>({ legend, name, value, onChange, options }: ChoiceFieldProps<T>) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{legend}</legend>
      <div className="grid grid-cols-1 gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className={cn(
              'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg border px-3 text-[0.9375rem]',
              value === option.value ? 'border-brand bg-brand-soft' : 'border-line-strong/60 hover:bg-sunken',
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={value === option.value}
              onChange={() => onChange(option.value)}
              className="size-4 accent-(--brand)"
            />
            <span className="font-medium">{option.text}</span>
            {option.note === undefined ? null : <span className="ms-auto text-sm text-ink-2">{option.note}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
