// @ts-check
// `npm run check-packages -w @aelf/chain [-- tarball deb service image]`: proves on this machine what can be proven of the packages.
// Each part builds what it needs, runs a node from it to height 3 in an empty folder, and leaves nothing behind. A part that this
// machine cannot do is skipped, with what it would need.
import { checkDeb } from './check/deb.mjs'
import { checkImage } from './check/image.mjs'
import { failed, results } from './check/report.mjs'
import { checkService } from './check/service.mjs'
import { checkTarball } from './check/tarball.mjs'

/** @type {Record<string, () => Promise<void>>} */
const parts = { tarball: checkTarball, deb: checkDeb, service: checkService, image: checkImage }
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) {
  console.error(`no such part: ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}`)
  process.exit(2)
}
for (const [name, check] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`── ${name}`)
  try {
    await check()
  } catch (error) {
    failed(name, error)
    process.exitCode = 1
  }
}
/** @param {string} start */
const count = (start) => results.filter((line) => line.startsWith(start)).length
console.log(`\n${count('ok')} passed, ${count('FAIL')} failed, ${count('skip')} skipped`)
