import type { ContractError } from '#contracts/runtime'
import { commissionRange, nameForm, urlForm } from '../errors.ts'
import { MAX_COMMISSION_BPS, MAX_NAME_LENGTH, MAX_URL_LENGTH } from '../params.ts'

/** What a delegate says about itself. */
export interface Profile {
  readonly name: string
  readonly url: string
  readonly commissionBps: number
}

/** Only https: the address becomes a link on other people's pages. */
const URL_FORM = /^https:\/\/[!-~]+$/

export function checkProfile({ name, url, commissionBps }: Profile): ContractError | undefined {
  if (name.trim().length === 0 || name.length > MAX_NAME_LENGTH) return nameForm
  if (url !== '' && (url.length > MAX_URL_LENGTH || !URL_FORM.test(url))) return urlForm
  return commissionBps > MAX_COMMISSION_BPS ? commissionRange : undefined
}
