import { be, hex, join, tagged, varBytes } from './bytes.ts'

const text = (value: string): Buffer => varBytes(Buffer.from(value, 'utf8'))

/** SPEC 14: one bundle, its bytes and its name. */
export function bundleVectors(): object {
  const params: readonly (readonly [string, bigint])[] = [
    ['election.firstN', 2n],
    ['token.feeBase', 7n],
  ]
  const encoded = join(
    text('aelf/bundle/1'),
    text('a.b-c'),
    text('1.2.0'),
    be(1, 4),
    text('dpos'),
    be(params.length, 4),
    ...params.flatMap(([name, value]) => [text(name), be(value, 32)]),
    text('é;'),
  )
  const shown = {
    name: 'a.b-c',
    version: '1.2.0',
    params: { 'election.firstN': '2n', 'token.feeBase': '7n' },
    code: 'é;',
  }
  return { bundle: shown, encoded: hex(encoded), hash: hex(tagged('aelf/collection/2', encoded)) }
}
