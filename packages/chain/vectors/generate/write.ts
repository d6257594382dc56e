import { writeFileSync } from 'node:fs'
import { generateVectors } from './index.ts'

for (const [name, content] of Object.entries(generateVectors())) {
  writeFileSync(new URL(`../${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`)
}
