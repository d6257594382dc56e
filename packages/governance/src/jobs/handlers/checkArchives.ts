import { CheckError } from '#check'
import { askForProposed, claimCheck, findContent, releaseCheck, settleCheck } from '#db'
import type { ArchiveReport } from '#domain'
import type { JobContext } from './context.ts'

/** Longer than any one check takes; one of a worker that died is taken over after it. */
const HOLD_MS = 120_000
const ATTEMPTS_MAX = 3
/** Checks in one run; the next run is a moment away. */
const PER_RUN = 4

const NOTHING = { files: 0, unpackedBytes: 0, warnings: [], warned: 0 } as const

/** Looks at archives that were handed in and that proposals name, the longest waiting first. A check that is lost is done again. */
export async function checkArchives({ database, checker, now }: JobContext): Promise<string> {
  if (checker === undefined) return 'no archives are checked here'
  await askForProposed(database, now())
  let done = 0
  for (; done < PER_RUN; done++) {
    const claim = await claimCheck(database, { nowMs: now(), holdMs: HOLD_MS })
    if (claim === undefined) break
    const { archiveHash, attempts } = claim
    const bytes = await findContent(database, archiveHash)
    if (bytes === undefined) continue
    try {
      const { report, bundle } = await checker(bytes)
      await settleCheck(database, { archiveHash, report, bundle, nowMs: now() })
    } catch (error) {
      if (!(error instanceof CheckError) || attempts < ATTEMPTS_MAX) {
        await releaseCheck(database, archiveHash)
        throw error
      }
      const report: ArchiveReport = {
        ...NOTHING,
        outcome: { kind: 'failed', code: error.code, message: error.message },
      }
      await settleCheck(database, { archiveHash, report, nowMs: now() })
    }
  }
  return done === 0 ? 'nothing to check' : `${done} archives checked`
}
