import { expect, test } from 'vitest'
import { isInvisible } from './invisible.ts'

/** Controls, formats, separators and what a font may leave out. A list of its own in the source: the reading of an archive must not follow Node's Unicode. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

test('behavior: everything that Unicode calls control, format or ignorable is made visible, but tabs and line feeds', () => {
  const missed: string[] = []
  for (let code = 0; code <= 0x10ffff; code += 1) {
    if (code === 0x09 || code === 0x0a || (code >= 0xd800 && code <= 0xdfff)) continue
    if (UNSEEN.test(String.fromCodePoint(code)) && !isInvisible(code)) missed.push(code.toString(16))
  }
  expect(missed).toEqual([])
})
