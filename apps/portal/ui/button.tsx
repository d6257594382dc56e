import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { Link } from '#ui/link.tsx'
import { cn } from './cn.ts'

const button = cva(
  'inline-flex items-center justify-center gap-2 rounded-lg font-medium whitespace-nowrap transition-colors duration-150 select-none disabled:opacity-100',
  {
    variants: {
      kind: {
        primary: 'bg-brand text-brand-ink hover:bg-brand-strong disabled:bg-line disabled:text-ink-3',
        secondary:
          'border border-line-strong/60 bg-surface text-ink hover:border-line-strong hover:bg-sunken disabled:border-line disabled:bg-sunken disabled:text-ink-3',
        quiet: 'text-ink-2 hover:bg-sunken hover:text-ink disabled:text-ink-3',
      },
      size: { small: 'h-8 px-2.5 text-sm', medium: 'h-10 px-4 text-[0.9375rem]', large: 'h-12 px-5 text-base' },
    },
    defaultVariants: { kind: 'secondary', size: 'medium' },
  },
)

type ButtonStyle = VariantProps<typeof button>

export function Button({ kind, size, className, ...rest }: ComponentProps<'button'> & ButtonStyle) {
  return <button type="button" {...rest} className={cn(button({ kind, size }), className)} />
}

export function ButtonLink({ kind, size, className, ...rest }: ComponentProps<typeof Link> & ButtonStyle) {
  return <Link {...rest} className={cn(button({ kind, size }), className)} />
}
