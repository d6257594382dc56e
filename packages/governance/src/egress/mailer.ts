import { createTransport } from 'nodemailer'
import { EgressError } from './errors.ts'

const TIMEOUT_MS = 10_000

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  /** Where one press ends these messages (RFC 8058). */
  readonly unsubscribeUrl?: string
}

export interface Mailer {
  send(mail: Mail): Promise<void>
  close(): void
}

/** Sends through the SMTP server of the operator's choice, which is trusted with addresses and texts. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const url = new URL(options.smtpUrl)
  const transport = createTransport({
    host: url.hostname,
    port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
    secure: url.protocol === 'smtps:',
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Texts and addresses only: no file or address is ever fetched to build a mail.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ to, subject, text, unsubscribeUrl }) => {
      try {
        await transport.sendMail({
          from: options.from,
          to: { name: '', address: to },
          subject,
          text,
          ...(unsubscribeUrl === undefined
            ? {}
            : {
                headers: {
                  'List-Unsubscribe': `<${unsubscribeUrl}>`,
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                },
              }),
        })
      } catch (cause) {
        throw new EgressError('egress.mail', 'The mail server did not take the message', { retryable: true, cause })
      }
    },
    close: () => transport.close(),
  }
}
