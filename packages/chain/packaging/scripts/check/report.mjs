// @ts-check
/** @type {string[]} */
export const results = []
/** @param {string} line */
const note = (line) => {
  results.push(line)
  console.log(line)
}
/** @param {string} what */
export const passed = (what) => note(`ok    ${what}`)
/** @param {string} what @param {string} why */
export const skipped = (what, why) => note(`skip  ${what}: ${why}`)
/** @param {string} what @param {unknown} error */
export const failed = (what, error) => note(`FAIL  ${what}: ${error instanceof Error ? error.message : String(error)}`)
/** @param {boolean} holds @param {string} what */
export const must = (holds, what) => {
  if (!holds) throw new Error(`does not hold: ${what}`)
  passed(what)
}
