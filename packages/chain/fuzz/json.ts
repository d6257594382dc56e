import type { Prng } from '#primitives'

const long = (length: number, char = '9'): string => char.repeat(length)

/** JSON text that is hard to read right; raw, since no serialiser would write some of it. */
export const hostileValues: readonly string[] = [
  'null', 'true', 'false', '0', '-0', '-1', '1', '2', '1.5', '1e0', '1e400', '-1e400', '1e-400', '0.1e1',
  '9007199254740991', '9007199254740992', '9007199254740993', '18446744073709551615', '18446744073709551616',
  '4294967295', '4294967296', long(78), long(1000), `1${long(1020, '0')}`,
  '""', '" "', '"0"', '"-1"', '"+1"', '"01"', '"1.0"', '"1e3"', '"0x"', '"0x0"', '"0x1"', '"0xg1"', '"0X10"', '"0x00 "',
  '" 0x00"', '"0x00\\n"', '"1_000"', '"\\uff11\\uff12"', '"\\u0661"', '"l\\u0430test"', '"latest"', '"LATEST"', '"finalized"', '"genesis"',
  '"pending"', '"earliest"', '"NaN"', '"Infinity"', '"undefined"', '"null"', '"__proto__"', '"constructor"', '"toString"',
  `"${2n ** 53n - 1n}"`, `"${2n ** 53n}"`, `"${2n ** 64n - 1n}"`, `"${2n ** 64n}"`, `"${2n ** 128n - 1n}"`, `"${2n ** 128n}"`,
  `"${2n ** 256n - 1n}"`, `"${2n ** 256n}"`, `"${long(79)}"`, `"${long(4_096)}"`, `"${long(100_000)}"`,
  '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"a\\u0301"', '"\\u202e"', '"\\ufeff"', '"\\uffff"',
  `"0x${long(39, 'a')}"`, `"0x${long(40, 'a')}"`, `"0x${long(40, 'A')}"`, `"0x${long(41, 'a')}"`, `"0x${long(63, 'b')}"`,
  `"0x${long(64, 'b')}"`, `"0x${long(64, 'B')}"`, `"0x${long(65, 'b')}"`, `"0x${long(130, 'c')}"`, `"0x${long(2_000, 'd')}"`,
  `"0x${long(262_144, 'e')}"`, `"0x${long(262_146, 'e')}"`, `"${long(64, 'n')}"`, `"${long(65, 'n')}"`, `"${long(28, 'a')}!"`,
  '[]', '[[]]', '[null]', '[0,1]', '["0x00"]', '[[[[[[[[[[[[]]]]]]]]]]]]', `[${long(400, '1,')}1]`,
  '{}', '{"a":1}', '{"":""}', '{"__proto__":{"at":"1"}}', '{"constructor":{"prototype":{}}}', '{"toString":null}', '{"length":3}',
  '{"at":"0"}', '{"at":"99999999999999999999"}', '{"at":-1}', '{"at":1,"at":2}', '{"0":1,"1":2}', '{"transactions":"full"}',
  '{"transactions":"ids","more":1}', '{"seconds":1}', '{"seconds":1e400}', '{"hasOwnProperty":1}', '{"then":"x"}',
] // biome-ignore format: a table

/** Nested lists or objects, some far deeper than anybody needs. */
export function nested(prng: Prng): string {
  const depth = prng.pick([2, 14, 15, 16, 17, 64, 1_000, 100_000])
  const [open, close] = prng.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const)
  const end = prng.bool([7, 8]) ? close.repeat(depth) : ''
  return `${open.repeat(depth)}${open === '[' ? '' : '1'}${end}`
}

/** Text with a character of a damaging kind somewhere. */
export function scratched(prng: Prng, text: string): string {
  const at = prng.int(text.length + 1)
  const rest = text.slice(at)
  switch (prng.int(7)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + rest.slice(1)
    case 2:
      return (
        text.slice(0, at) +
        prng.pick(['"', '{', '[', ']', '}', ',', ':', '\\', '\u0000', '1', '-', 'e', ' ', '\n']) +
        rest
      )
    case 3:
      return `\ufeff${text}`
    case 4:
      return text + prng.pick([text, ']', '}', ',', '\u0000', '/* */', '//', 'null'])
    case 5:
      return text.replace(/"/g, prng.pick(["'", '"', '\u201c']))
    default:
      return text.slice(0, at) + String.fromCharCode(prng.int(65536)) + rest
  }
}
