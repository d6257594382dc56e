import type { Logger } from '#primitives'
import type { Stage } from './member.ts'

const plain = (fields: object | undefined): string | undefined =>
  JSON.stringify(fields, (_key, value) => (typeof value === 'bigint' ? String(value) : value))

/** The log of one machine: a node logs no error and ignores no honest peer, unless its misbehaviour is forgiven. */
export function machineLog(stage: Stage, name: string, forgiven: boolean): Logger {
  const isBroken = (): boolean => stage.members.some(({ machine }) => machine.name === name && machine.isBroken())
  const keep = (level: string, message: string, fields?: object): void => {
    if (stage.options.logAll === true) stage.log(`${name} ${level} ${message} ${plain(fields)}`)
  }
  return {
    debug: () => undefined,
    info: (message, fields) => keep('info', message, fields),
    warn: (message, fields) => {
      keep('warn', message, fields)
      stage.probes.hit(`warned: ${message}`)
      const about = String(fields?.['peer'] ?? '')
      const honestPeer = stage.members.some(
        ({ machine, misbehaves }) => machine.name === about && misbehaves === undefined,
      )
      if (message === 'A peer is ignored from now on' && honestPeer && !forgiven)
        stage.fail('ignored', `${name} ignores the honest ${about}`)
    },
    error: (message, fields) => {
      keep('error', message, fields)
      // In the moment between the last block it can run and its end.
      if (stage.campaign?.isStopping(name) === true) return
      if (!forgiven && !isBroken()) stage.fail('log', `${name}: ${message} ${plain(fields)}`)
    },
  }
}
