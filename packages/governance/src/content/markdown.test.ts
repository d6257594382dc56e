import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ContentError, MARKDOWN_MAX_BYTES, type MarkdownBlock, type MarkdownInline, parseMarkdown } from './index.ts'

const KINDS = ['heading', 'paragraph', 'code', 'quote', 'list', 'rule', 'text', 'emphasis', 'strong', 'link', 'break']
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/u

/** Every part of a tree, in order. */
function partsOf(blocks: readonly (MarkdownBlock | MarkdownInline)[]): (MarkdownBlock | MarkdownInline)[] {
  return blocks.flatMap((part) => [
    part,
    ...('inside' in part ? partsOf(part.inside) : []),
    ...('blocks' in part ? partsOf(part.blocks) : []),
    ...('items' in part ? part.items.flatMap(({ blocks: inner }) => partsOf(inner)) : []),
  ])
}

/** Only allowed parts with only allowed fields; every link is https with no user, and nothing invisible is left. */
function expectHarmless(text: string): void {
  for (const part of partsOf(parseMarkdown(text))) {
    expect(KINDS).toContain(part.kind)
    const fields = Object.keys(part).filter(
      (field) => !['kind', 'inside', 'blocks', 'items', 'text', 'level', 'ordered', 'href', 'host'].includes(field),
    )
    expect(fields).toEqual([])
    if ('text' in part) expect(INVISIBLE.test(part.text.replaceAll('\n', ''))).toBe(false)
    if (part.kind !== 'link') continue
    const url = new URL(part.href)
    expect({ protocol: url.protocol, user: url.username + url.password, host: url.host }).toEqual({
      protocol: 'https:',
      user: '',
      host: part.host,
    })
    expect(part.href).toMatch(/^https:\/\/[!-~]+$/)
    expect(part.href).not.toMatch(/["'<>]/)
  }
}

/** What browsers show in the page, too (`e2e`): where links lead that must never be followed, markup that acts, and around what. */
const { targets, holes, html, wraps } = JSON.parse(
  readFileSync(new URL('./hostileTexts.json', import.meta.url), 'utf8'),
) as Record<'targets' | 'holes' | 'html' | 'wraps', readonly string[]>
const within = (frames: readonly string[], text: string): string[] =>
  frames.map((frame) => frame.replaceAll('{}', () => text))
const payloads = [...targets.flatMap((target) => within(holes, target)), ...html.flatMap((text) => within(wraps, text))]

describe('hostile texts', () => {
  test('there are more than 300', () => expect(new Set(payloads).size).toBeGreaterThan(300))
  test.each(payloads)('behavior: %j is harmless', (payload) => expectHarmless(payload))

  test('behavior: an address that may not be opened is no link', () => {
    for (const target of targets) {
      const links = partsOf(parseMarkdown(`[click](${target})`)).filter(({ kind }) => kind === 'link')
      expect({ target, links }).toEqual({ target, links: [] })
    }
  })

  test('property: any text is harmless, and none is lost in a paragraph of plain words', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      '*',
      '**',
      '_',
      '`',
      '```',
      '#',
      '- ',
      '1. ',
      '> ',
      '\n',
      '\n\n',
      '    ',
      '\\',
      'https://a.b/',
      'x',
      ' ',
      '\u202e',
      '|',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }).map((list) => list.join('')),
        (text) => expectHarmless(text),
      ),
      { numRuns: 400 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => expectHarmless(text)),
      { numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]+( [a-z]+){0,9}$/), (text) => {
        expect(parseMarkdown(text)).toEqual([{ kind: 'paragraph', inside: [{ kind: 'text', text }] }])
      }),
    )
  })

  test('behavior: texts made to take long end, at the largest size', () => {
    const fill = (piece: string): string => piece.repeat(Math.floor(MARKDOWN_MAX_BYTES / Buffer.byteLength(piece)))
    for (const piece of ['*', '**', '_', '`', '``', '[', '](', '[a](', '<', '> ', '- ', '1. ', '#', '\\', '* ', '[a](https://x', '<https://x', '**a', '_a ', '- - ', '~~~\n', '> > > ', '*_', '![']) // biome-ignore format: one line
      expect(parseMarkdown(fill(piece)).length).toBeGreaterThan(0)
    expect(() => parseMarkdown('x'.repeat(MARKDOWN_MAX_BYTES + 1))).toThrow(ContentError)
  }, 60_000)
})

describe('markdown', () => {
  test('default: what people write', () => {
    const text = [
      '# Title', '', 'A *word* and **two** with `code`,', 'and [a link](https://example.org/a?b=1#c).', '', '- one', '- two', '  1. inner', '', '> said', '', '---', '', '```ts', 'const a = **1**', '```',
    ].join('\n') // biome-ignore format: one text
    const word = (value: string): MarkdownInline => ({ kind: 'text', text: value })
    expect(parseMarkdown(text)).toEqual([
      { kind: 'heading', level: 1, inside: [word('Title')] },
      {
        kind: 'paragraph',
        inside: [
          word('A '),
          { kind: 'emphasis', inside: [word('word')] },
          word(' and '),
          { kind: 'strong', inside: [word('two')] },
          word(' with '),
          { kind: 'code', text: 'code' },
          word(',\nand '),
          { kind: 'link', href: 'https://example.org/a?b=1#c', host: 'example.org', inside: [word('a link')] },
          word('.'),
        ],
      },
      {
        kind: 'list',
        ordered: false,
        items: [
          { blocks: [{ kind: 'paragraph', inside: [word('one')] }] },
          {
            blocks: [
              { kind: 'paragraph', inside: [word('two')] },
              { kind: 'list', ordered: true, items: [{ blocks: [{ kind: 'paragraph', inside: [word('inner')] }] }] },
            ],
          },
        ],
      },
      { kind: 'quote', blocks: [{ kind: 'paragraph', inside: [word('said')] }] },
      { kind: 'rule' },
      { kind: 'code', text: 'const a = **1**' },
    ])
  })

  test('behavior: an escaped mark is itself, a word keeps its underscores, an invisible character is named', () => {
    expect(parseMarkdown('\\*a\\* snake_case_name')).toEqual([
      { kind: 'paragraph', inside: [{ kind: 'text', text: '*a* snake_case_name' }] },
    ])
    expect(parseMarkdown('a\u202eb')).toEqual([{ kind: 'paragraph', inside: [{ kind: 'text', text: 'a⟦U+202E⟧b' }] }])
  })
})
