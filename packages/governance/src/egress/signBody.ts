import { createHmac, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32

/** What a receiver proves our messages with. */
export const createSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64url')}`

/** Value of the header `aelf-signature`: the moment and the HMAC-SHA-256 over `moment.body`. */
export function signBody(options: { secret: string; body: string; atMs: number }): string {
  const { secret, body, atMs } = options
  return `t=${atMs},v1=${createHmac('sha256', secret).update(`${atMs}.${body}`).digest('hex')}`
}

/** Proves in a link that it came from one of our mails to this channel. */
export const unsubscribeToken = ({ id, secret }: { id: string; secret: string }): string =>
  createHmac('sha256', secret).update(`unsubscribe ${id}`).digest('base64url')
