import type { MarkdownInline } from './markdownTree.ts'

const DEPTH_MAX = 4
const URL_MAX = 2048
const ESCAPABLE = /[!-/:-@[-`{-~]/

/** Reads the parts of a line. Marks without their other end are text; a mark is looked for only as far as the next end of its kind. */
export function parseInline(text: string, depth = 0): readonly MarkdownInline[] {
  const out: MarkdownInline[] = []
  let plain = ''
  const flush = (): void => {
    if (plain !== '') out.push({ kind: 'text', text: plain })
    plain = ''
  }
  const ends = createEnds(text)
  for (let at = 0; at < text.length; ) {
    const found = depth < DEPTH_MAX ? partAt(text, at, { depth, ends }) : undefined
    if (found !== undefined) {
      flush()
      out.push(found.part)
      at = found.next
      continue
    }
    const escaped = text[at] === '\\' && ESCAPABLE.test(text[at + 1] ?? '')
    plain += escaped ? (text[at + 1] ?? '') : (text[at] ?? '')
    at += escaped ? 2 : 1
  }
  flush()
  return out
}

/** Where each kind of end next stands; asked with growing places, so that all questions together look at the text once. */
type Ends = (mark: string, from: number) => number

function createEnds(text: string): Ends {
  const known = new Map<string, number>()
  return (mark, from) => {
    const before = known.get(mark)
    if (before !== undefined && (before < 0 || before >= from)) return before
    const found = text.indexOf(mark, from)
    known.set(mark, found)
    return found
  }
}

interface Scope {
  readonly depth: number
  readonly ends: Ends
}
interface Found {
  readonly part: MarkdownInline
  readonly next: number
}

function partAt(text: string, at: number, scope: Scope): Found | undefined {
  switch (text[at]) {
    case '\n':
      return text.slice(at - 2, at) === '  ' ? { part: { kind: 'break' }, next: at + 1 } : undefined
    case '`':
      return codeAt(text, at, scope)
    case '*':
    case '_':
      return markedAt(text, at, scope)
    case '[':
      return linkAt(text, at, scope)
    case '<':
      return autoLinkAt(text, at, scope)
    default:
      return undefined
  }
}

function codeAt(text: string, at: number, { ends }: Scope): Found | undefined {
  const mark = text[at + 1] === '`' ? '``' : '`'
  const end = ends(mark, at + mark.length)
  if (end <= at + mark.length) return undefined
  return { part: { kind: 'code', text: text.slice(at + mark.length, end).trim() }, next: end + mark.length }
}

function markedAt(text: string, at: number, { depth, ends }: Scope): Found | undefined {
  const sign = text[at] ?? ''
  const mark = text[at + 1] === sign ? sign + sign : sign
  // Inside of words an underscore is a letter.
  if (sign === '_' && /\w/.test(text[at - 1] ?? ' ')) return undefined
  const from = at + mark.length
  const end = ends(mark, from)
  if (end <= from || /\s/.test(text[from] ?? ' ') || /\s/.test(text[end - 1] ?? ' ')) return undefined
  const inside = parseInline(text.slice(from, end), depth + 1)
  return { part: { kind: mark.length === 2 ? 'strong' : 'emphasis', inside }, next: end + mark.length }
}

function linkAt(text: string, at: number, { depth, ends }: Scope): Found | undefined {
  const middle = ends('](', at + 1)
  if (middle < 0) return undefined
  const end = ends(')', middle + 2)
  // Text of a link has no bracket of its own.
  if (end < 0 || end - middle > URL_MAX || middle - at > URL_MAX || text.slice(at + 1, middle).includes('['))
    return undefined
  const address = safeAddress(text.slice(middle + 2, end))
  if (address === undefined) return undefined
  const inside = parseInline(text.slice(at + 1, middle), DEPTH_MAX - 1 > depth ? DEPTH_MAX - 1 : depth).filter(
    ({ kind }) => kind !== 'link',
  )
  return { part: { kind: 'link', ...address, inside }, next: end + 1 }
}

function autoLinkAt(text: string, at: number, { ends }: Scope): Found | undefined {
  const end = ends('>', at + 1)
  if (end < 0 || end - at > URL_MAX) return undefined
  const given = text.slice(at + 1, end)
  const address = safeAddress(given)
  return address && { part: { kind: 'link', ...address, inside: [{ kind: 'text', text: given }] }, next: end + 1 }
}

/** An https address without user, password or other port, in printable ASCII; nothing else is a link. */
function safeAddress(given: string): { readonly href: string; readonly host: string } | undefined {
  if (!/^https:\/\/[!-~]+$/.test(given) || /["'<>\\^`{|}]/.test(given) || !URL.canParse(given)) return undefined
  const url = new URL(given)
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '') return undefined
  return { href: url.href, host: url.host }
}
