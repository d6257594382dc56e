import { readFileSync } from 'node:fs'
import { node } from '../node/index.ts'
import { inner } from '../primitives/inner.ts'
import { testing } from '../testing/index.ts'
import { loop } from './state/loop.ts'
import { nowhere } from './nowhere.ts'

export const kernel: unknown[] = [readFileSync, node, inner, testing, loop, nowhere]
