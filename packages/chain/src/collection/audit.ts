import { type Node, parse } from 'acorn'
import { CollectionError } from './error.ts'

/** What code may use of the language's own library. All of it gives the same everywhere. */
const ALLOWED: ReadonlySet<string> = new Set([
  'Array', 'BigInt', 'Boolean', 'Map', 'Number', 'Object', 'Set', 'String', 'Uint8Array', 'undefined',
]) // biome-ignore format: one list

/** What the host hands in. */
const HOST: ReadonlySet<string> = new Set(['require', 'provide'])

/** Names of the platform that must not occur, not even as names of the code's own: so no scope needs to be worked out. */
const BANNED: ReadonlySet<string> = new Set([
  'AggregateError', 'ArrayBuffer', 'AsyncDisposableStack', 'AsyncIterator', 'Atomics', 'BigInt64Array', 'BigUint64Array', 'Buffer',
  'DataView', 'Date', 'DisposableStack', 'Error', 'EvalError', 'FinalizationRegistry', 'Float16Array', 'Float32Array',
  'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'Intl', 'Iterator', 'JSON', 'Math', 'NaN',
  'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'SharedArrayBuffer', 'Symbol', 'SyntaxError',
  'Temporal', 'TextDecoder', 'TextEncoder', 'TypeError', 'URIError', 'URL', 'Uint16Array', 'Uint32Array', 'Uint8ClampedArray',
  'WeakMap', 'WeakRef', 'WeakSet', 'WebAssembly', 'arguments', 'clearInterval', 'clearTimeout', 'console', 'crypto',
  'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'exports', 'fetch', 'global',
  'globalThis', 'isFinite', 'isNaN', 'module', 'parseFloat', 'parseInt', 'performance', 'process', 'queueMicrotask',
  'setImmediate', 'setInterval', 'setTimeout', 'structuredClone', 'unescape', '__dirname', '__filename',
]) // biome-ignore format: one list

/** Properties that lead out of an object to what made it, or whose answer depends on the machine. */
const BANNED_PROPERTIES: ReadonlySet<string> = new Set([
  '__defineGetter__', '__defineSetter__', '__lookupGetter__', '__lookupSetter__', '__proto__', 'constructor',
  'localeCompare', 'prototype', 'stack', 'toLocaleLowerCase', 'toLocaleString', 'toLocaleUpperCase', 'normalize', 'getPrototypeOf',
  'setPrototypeOf', 'defineProperty', 'defineProperties', 'raw',
]) // biome-ignore format: one list

/** Statements and expressions whose meaning is not the same everywhere, or that nothing here needs. */
const BANNED_SYNTAX: Readonly<Record<string, string>> = {
  AwaitExpression: 'await',
  YieldExpression: 'a generator',
  ImportExpression: 'import()',
  MetaProperty: 'import.meta or new.target',
  WithStatement: 'with',
  DebuggerStatement: 'debugger',
  TaggedTemplateExpression: 'a tagged template',
}

/** Sets, repetitions, ends, and escaped punctuation: nothing that can take long or depends on tables of characters. */
const PLAIN_PATTERN = /^(?:[^()|\\]|\\[^A-Za-z0-9])*$/

type Tree = Node & Readonly<Record<string, unknown>>

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && 'type' in value

function refuse(node: Node, what: string): never {
  const { line = 0, column = 0 } = node.loc?.start ?? {}
  throw new CollectionError(
    'collection.audit',
    `${what} is not for a collection (line ${line}, column ${column + 1})`,
    {
      details: { what, line, column: column + 1 },
    },
  )
}

const nameOf = (key: unknown): string | undefined => {
  if (!isTree(key)) return undefined
  if (key.type === 'Identifier') return key['name'] as string
  return key.type === 'Literal' ? String(key['value']) : undefined
}

function checkLiteral(node: Tree): void {
  const raw = node['raw'] as string | undefined
  const regex = node['regex'] as { pattern: string; flags: string } | undefined
  if (regex !== undefined && (regex.flags !== '' || !PLAIN_PATTERN.test(regex.pattern))) {
    refuse(node, 'a regular expression with groups, alternatives, classes or flags')
  }
  if (typeof node['value'] === 'number' && !/^(?:0x[0-9a-f]+|[0-9]+|[0-9]+e[0-9]+)$/i.test(raw ?? '')) {
    refuse(node, `the fraction ${raw}`)
  }
}

/** Keys of members and properties: those that are written down. What a computed one leads to is closed off by the loader. */
function checkKey(node: Tree): void {
  const isMember = node.type === 'MemberExpression'
  const key = isMember ? node['property'] : node['key']
  const written = node['computed'] !== true || (isTree(key) && key.type === 'Literal')
  const name = written ? nameOf(key) : undefined
  if (name !== undefined && BANNED_PROPERTIES.has(name) && isTree(key)) refuse(key, `the property ${name}`)
}

function checkNode(node: Tree, names: Map<string, Tree>, declared: Set<string>): void {
  const syntax = BANNED_SYNTAX[node.type]
  if (syntax !== undefined) refuse(node, syntax)
  if (node['async'] === true) refuse(node, 'async')
  if (node['generator'] === true) refuse(node, 'a generator')
  if (node.type === 'Literal') checkLiteral(node)
  if (['MemberExpression', 'Property', 'PropertyDefinition', 'MethodDefinition'].includes(node.type)) checkKey(node)
  if (node.type === 'Identifier') {
    const name = node['name'] as string
    if (BANNED.has(name)) refuse(node, name)
    if (!names.has(name)) names.set(name, node)
  }
  for (const found of declaredBy(node)) declared.add(found)
}

/** Names bound by a pattern. */
function bound(pattern: unknown): string[] {
  if (!isTree(pattern)) return []
  switch (pattern.type) {
    case 'Identifier':
      return [pattern['name'] as string]
    case 'ObjectPattern':
      return (pattern['properties'] as Tree[]).flatMap((one) => bound(one['value'] ?? one['argument']))
    case 'ArrayPattern':
      return (pattern['elements'] as unknown[]).flatMap(bound)
    case 'AssignmentPattern':
      return bound(pattern['left'])
    case 'RestElement':
      return bound(pattern['argument'])
    default:
      return []
  }
}

function declaredBy(node: Tree): string[] {
  if (node.type === 'VariableDeclarator') return bound(node['id'])
  if (node.type === 'CatchClause') return bound(node['param'])
  if (/^Class/.test(node.type) && node.type !== 'ClassBody') return bound(node['id'])
  if (!/Function/.test(node.type)) return []
  return [...bound(node['id']), ...(node['params'] as unknown[]).flatMap(bound)]
}

/** Children that are code: names of members and keys that are written down are no references. */
function children(node: Tree): Tree[] {
  const plainKey = node['computed'] !== true
  return Object.entries(node).flatMap(([field, value]) => {
    if (field === 'label') return []
    if (plainKey && node.type === 'MemberExpression' && field === 'property') return []
    const isShort = node.type === 'Property' && node['shorthand'] === true
    if (plainKey && field === 'key' && !isShort && /^(?:Property|MethodDefinition)/.test(node.type)) return []
    if (Array.isArray(value)) return value.filter(isTree)
    return isTree(value) ? [value] : []
  })
}

/**
 * Checks that code uses nothing that could give another result on another machine, or lead out of it by accident. Throws
 * `collection.audit` with the place. It is a check of reviewed code, not a wall against hostile code: see the README.
 */
export function auditCode(code: string): void {
  let tree: Tree
  try {
    tree = parse(code, { ecmaVersion: 2022, sourceType: 'script', locations: true }) as unknown as Tree
  } catch (cause) {
    throw new CollectionError('collection.audit', `the code does not parse: ${String(cause)}`, { cause })
  }
  const names = new Map<string, Tree>()
  const declared = new Set<string>()
  const left = [tree]
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    checkNode(node, names, declared)
    left.push(...children(node).reverse())
  }
  for (const [name, node] of names) {
    if (!declared.has(name) && !ALLOWED.has(name) && !HOST.has(name)) refuse(node, `the unknown name ${name}`)
  }
}
