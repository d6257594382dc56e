import { showInvisible } from '@aelf/chain/archive'
import { ContentError } from './error.ts'
import { parseInline } from './markdownInline.ts'
import type { MarkdownBlock, MarkdownListItem } from './markdownTree.ts'

export const MARKDOWN_MAX_BYTES: number = 64 * 1024
const DEPTH_MAX = 6

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6}) +(.*)$/
const RULE = /^ {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/
const QUOTE = /^ {0,3}> ?/
const BULLET = /^( {0,3})([-*+])( +)(?=\S)/
const NUMBER = /^( {0,3})(\d{1,9})([.)])( +)(?=\S)/

/**
 * A subset of Markdown as a tree of allowed parts; everything else, HTML included, is text. Takes time in proportion to the text.
 * Throws `text.size`.
 */
export function parseMarkdown(text: string): readonly MarkdownBlock[] {
  if (new TextEncoder().encode(text).length > MARKDOWN_MAX_BYTES)
    throw new ContentError('text.size', `the text is larger than ${MARKDOWN_MAX_BYTES} bytes`)
  return blocksOf(showInvisible(text.replace(/\r\n?/g, '\n').replaceAll('\t', '    ')).split('\n'), 0)
}

interface Taken {
  readonly block: MarkdownBlock
  readonly next: number
}

function blocksOf(lines: readonly string[], depth: number): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  for (let at = 0; at < lines.length; ) {
    if ((lines[at] ?? '').trim() === '') {
      at += 1
      continue
    }
    const taken =
      takeFence(lines, at) ??
      takeSimple(lines, at) ??
      (depth < DEPTH_MAX ? (takeQuote(lines, at, depth) ?? takeList(lines, at, depth)) : undefined) ??
      takeParagraph(lines, at, depth)
    blocks.push(taken.block)
    at = taken.next
  }
  return blocks
}

function takeFence(lines: readonly string[], at: number): Taken | undefined {
  const fence = FENCE.exec(lines[at] ?? '')?.[1]
  if (fence === undefined) return undefined
  let end = at + 1
  while (end < lines.length && !isClosing(lines[end] ?? '', fence)) end += 1
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

const isClosing = (line: string, fence: string): boolean => {
  const found = FENCE.exec(line)?.[1]
  return found !== undefined && found[0] === fence[0] && found.length >= fence.length && line.trim() === found
}

function takeSimple(lines: readonly string[], at: number): Taken | undefined {
  const line = lines[at] ?? ''
  const heading = HEADING.exec(line)
  if (heading !== null) {
    const level = Math.min(4, (heading[1] ?? '').length) as 1 | 2 | 3 | 4
    return { block: { kind: 'heading', level, inside: parseInline((heading[2] ?? '').trim()) }, next: at + 1 }
  }
  return RULE.test(line) ? { block: { kind: 'rule' }, next: at + 1 } : undefined
}

function takeQuote(lines: readonly string[], at: number, depth: number): Taken | undefined {
  let end = at
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1
  if (end === at) return undefined
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ''))
  return { block: { kind: 'quote', blocks: blocksOf(inside, depth + 1) }, next: end }
}

const markOf = (line: string): { readonly ordered: boolean; readonly width: number } | undefined => {
  const bullet = BULLET.exec(line)
  if (bullet !== null && !RULE.test(line)) return { ordered: false, width: bullet[0].length }
  const number = NUMBER.exec(line)
  return number === null ? undefined : { ordered: true, width: number[0].length }
}

function takeList(lines: readonly string[], at: number, depth: number): Taken | undefined {
  const first = markOf(lines[at] ?? '')
  if (first === undefined) return undefined
  const items: MarkdownListItem[] = []
  let next = at
  while (next < lines.length) {
    const mark = markOf(lines[next] ?? '')
    if (mark === undefined || mark.ordered !== first.ordered) break
    const own = [(lines[next] ?? '').slice(mark.width)]
    next += 1
    while (next < lines.length && belongs(lines, next, mark.width)) {
      own.push((lines[next] ?? '').slice(Math.min(mark.width, leading(lines[next] ?? ''))))
      next += 1
    }
    items.push({ blocks: blocksOf(own, depth + 1) })
  }
  return { block: { kind: 'list', ordered: first.ordered, items }, next }
}

const leading = (line: string): number => line.length - line.trimStart().length

/** Indented lines, and an empty one before such a line. */
function belongs(lines: readonly string[], at: number, width: number): boolean {
  const line = lines[at] ?? ''
  if (line.trim() !== '') return leading(line) >= Math.min(width, 2)
  const after = lines[at + 1] ?? ''
  return after.trim() !== '' && leading(after) >= Math.min(width, 2)
}

function takeParagraph(lines: readonly string[], at: number, depth: number): Taken {
  let end = at + 1
  while (end < lines.length && !startsBlock(lines[end] ?? '', depth)) end += 1
  return { block: { kind: 'paragraph', inside: parseInline(lines.slice(at, end).join('\n')) }, next: end }
}

const startsBlock = (line: string, depth: number): boolean =>
  line.trim() === '' ||
  FENCE.test(line) ||
  HEADING.test(line) ||
  RULE.test(line) ||
  (depth < DEPTH_MAX && (QUOTE.test(line) || markOf(line) !== undefined))
