/** Everything a text can become; there is no part that acts, loads or styles. */
export type MarkdownInline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'emphasis' | 'strong'; readonly inside: readonly MarkdownInline[] }
  /** `href` is an https address without user, as it will be opened; `host` is to be shown beside the text. */
  | { readonly kind: 'link'; readonly href: string; readonly host: string; readonly inside: readonly MarkdownInline[] }
  | { readonly kind: 'break' }

export interface MarkdownListItem {
  readonly blocks: readonly MarkdownBlock[]
}

export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3 | 4; readonly inside: readonly MarkdownInline[] }
  | { readonly kind: 'paragraph'; readonly inside: readonly MarkdownInline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly MarkdownBlock[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly MarkdownListItem[] }
  | { readonly kind: 'rule' }
