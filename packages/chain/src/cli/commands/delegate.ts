import { type DelegateSource, openDelegate } from '../delegateKey.ts'
import { CliError } from '../exit.ts'
import { publicPart, signingKey } from '../secrets.ts'
import type { Session } from '../session.ts'
import { readLimits, sendWith, type TypedCall } from './writing.ts'

/** Options of `aelf register` as they were typed. */
export type RegisterOptions = DelegateSource &
  TypedCall['options'] & {
    readonly name: string
    readonly url: string
    readonly commission: string
  }

/** `aelf register`: makes the keystore's account a delegate, with the commitment that belongs to it. */
export async function register(session: Session, options: RegisterOptions): Promise<void> {
  readLimits(options)
  const commissionBps = readCommission(options.commission)
  if (options.name.trim() === '' || options.name.length > 64) {
    throw new CliError('cli.usage', '--name is not a name', 'Write 1 to 64 characters.')
  }
  if (!/^(?:https:\/\/[!-~]{1,248})?$/.test(options.url)) {
    throw new CliError('cli.usage', '--url is not an https address', 'Write it like https://delegate.example.')
  }
  const secrets = await openDelegate(session.terminal, options)
  const { commitment } = publicPart(secrets)
  const words = [
    `name=${options.name}`,
    `url=${options.url}`,
    `commitment=${commitment}`,
    `commissionBps=${commissionBps}`,
  ]
  await sendWith(session, async () => signingKey(secrets), { name: 'election.register', words, options })
}

/** Percent with up to two decimals, as hundredths of it. */
function readCommission(text: string): number {
  const match = /^([0-9]{1,3})(?:\.([0-9]{1,2}))?\s*%?$/.exec(text)
  const bps = match === null ? Number.NaN : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  if (bps <= 10_000) return bps
  throw new CliError('cli.usage', `--commission: "${text.slice(0, 20)}" is not a share`, 'Write 0 to 100, such as 7.5.')
}
