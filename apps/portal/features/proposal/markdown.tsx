import { type MarkdownBlock, type MarkdownInline, parseMarkdown } from '@aelf/governance/content'
import { createElement, Fragment, type ReactNode } from 'react'

/** A text that somebody proposed, drawn part by part; nothing of it reaches the page as HTML. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className="grid max-w-[72ch] gap-3 [overflow-wrap:anywhere]" translate="no">
      {blocks(parseMarkdown(text))}
    </div>
  )
}

/** Children in a fixed order, which need no keys: the tree of a text never changes. */
const together = (parts: readonly ReactNode[]): ReactNode => createElement(Fragment, null, ...parts)
const blocks = (parts: readonly MarkdownBlock[]): ReactNode => together(parts.map(drawBlock))
const inline = (parts: readonly MarkdownInline[]): ReactNode => together(parts.map(drawInline))

/** Headings begin below those of the page. */
const HEADINGS = {
  1: 'text-lg font-semibold',
  2: 'text-base font-semibold',
  3: 'font-medium',
  4: 'font-medium text-ink-2',
} as const

function drawBlock(part: MarkdownBlock): ReactNode {
  switch (part.kind) {
    case 'heading':
      return <h3 className={HEADINGS[part.level]}>{inline(part.inside)}</h3>
    case 'paragraph':
      return <p>{inline(part.inside)}</p>
    case 'code':
      return (
        <pre className="rounded-lg bg-sunken p-3 text-sm whitespace-pre-wrap">
          <code>{part.text}</code>
        </pre>
      )
    case 'quote':
      return (
        <blockquote className="grid gap-3 border-s-2 border-line ps-4 text-ink-2">{blocks(part.blocks)}</blockquote>
      )
    case 'list': {
      const items = together(part.items.map((item) => createElement('li', { className: 'ps-1' }, blocks(item.blocks))))
      return part.ordered ? (
        <ol className="list-decimal space-y-1 ps-6">{items}</ol>
      ) : (
        <ul className="list-disc space-y-1 ps-6">{items}</ul>
      )
    }
    case 'rule':
      return <hr className="border-line" />
  }
}

function drawInline(part: MarkdownInline): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'code':
      return <code className="rounded bg-sunken px-1 text-[0.9em]">{part.text}</code>
    case 'emphasis':
      return <em>{inline(part.inside)}</em>
    case 'strong':
      return <strong>{inline(part.inside)}</strong>
    case 'break':
      return <br />
    case 'link':
      return (
        <a href={part.href} rel="noopener noreferrer nofollow ugc" target="_blank" className="link">
          {inline(part.inside)}
          <span className="text-ink-3">{` (${part.host})`}</span>
        </a>
      )
  }
}
