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

const SCHEMES = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'java\tscript:alert(1)', '\u0001javascript:alert(1)',
  'javascript&colon;alert(1)', 'javascript&#58;alert(1)', '&#106;avascript:alert(1)', 'javascript://example.org/%0aalert(1)', 'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD4=', 'data:image/svg+xml,<svg onload=alert(1)>', 'vbscript:msgbox(1)', 'file:///etc/passwd', 'blob:https://example.org/x',
  'about:blank', 'http://example.org', '//example.org/x', '/relative', '#fragment', 'mailto:a@b.c', 'ftp://example.org', 'ws://example.org', 'intent://x',
  'https://user@example.org', 'https://user:pass@example.org', 'https://example.org@evil.example', 'https://example.org:8443/', 'https://exa mple.org',
  'https://еxample.org', 'https://example.org/\u202egpj.exe', 'https://example.org/"onmouseover="alert(1)', "https://example.org/'onclick='alert(1)",
  'https://example.org/<script>', 'https://example.org/`x`', 'https://example.org\\@evil.example', 'https://', 'https:example.org', 'https:/example.org',
] // biome-ignore format: one table
const HOLES: readonly ((target: string) => string)[] = [
  (target) => `[click](${target})`,
  (target) => `<${target}>`,
  (target) => `![image](${target})`,
  (target) => `[click][1]\n\n[1]: ${target}`,
  (target) => `<a href="${target}">click</a>`,
]
const HTML = [
  '<script>alert(1)</script>', '<SCRIPT SRC=//x></SCRIPT>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '<svg><script>alert(1)</script></svg>',
  '<iframe src="javascript:alert(1)"></iframe>', '<math><mtext><table><mglyph><style><img src onerror=alert(1)>', '<body onload=alert(1)>', '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>', '<form action="javascript:alert(1)"><button>x', '<input autofocus onfocus=alert(1)>', '<object data="data:text/html,x">', '<embed src=x>',
  '<base href="//evil">', '<meta http-equiv=refresh content="0;url=//evil">', '<link rel=stylesheet href=//evil>', '<style>@import "//evil"</style>', '<marquee onstart=alert(1)>',
  '<!--<img src="--><img src=x onerror=alert(1)>', '<![CDATA[<script>alert(1)</script>]]>', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<template><script>alert(1)</script></template>',
  '<isindex type=image src=1 onerror=alert(1)>', '<textarea></textarea><script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;', '<x onclick=alert(1)>', '<a xlink:href="javascript:x">',
] // biome-ignore format: one table
const WRAPS: readonly ((inner: string) => string)[] = [
  (inner) => inner,
  (inner) => `# ${inner}`,
  (inner) => `> ${inner}`,
  (inner) => `- ${inner}\n  - ${inner}`,
  (inner) => `**${inner}** _${inner}_ \`${inner}\``,
  (inner) => `[${inner}](https://example.org/)`,
]
const payloads = [
  ...SCHEMES.flatMap((target) => HOLES.map((hole) => hole(target))),
  ...HTML.flatMap((inner) => WRAPS.map((wrap) => wrap(inner))),
]

describe('hostile texts', () => {
  test('there are more than 300', () => expect(new Set(payloads).size).toBeGreaterThan(300))
  test.each(payloads)('behavior: %j is harmless', (payload) => expectHarmless(payload))

  test('behavior: an address that may not be opened is no link', () => {
    for (const target of SCHEMES) {
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
