import { asAddress } from '#primitives'
import type { Json } from '#rpc/routes'
import { RpcFailure } from './failure.ts'
import type { HandlerContext, Handlers } from './handlers.ts'
import { createOperatorDesk, type OperatorDesk } from './operators.ts'
import type { OperatorPort } from './ports.ts'
import { toJson } from './values.ts'

type OperatorHandlers = Pick<
  Handlers,
  | 'aelf_nodeInfo'
  | 'aelf_operatorChallenge'
  | 'aelf_operatorPair'
  | 'aelf_operatorStatus'
  | 'aelf_operatorLogs'
  | 'aelf_operatorTrace'
  | 'aelf_operatorUnpair'
>

/** What the operator of a node asks; where there is none, every call is refused by name. */
export function operatorHandlers({ operator }: HandlerContext): OperatorHandlers {
  const desk = operator === undefined ? undefined : createOperatorDesk({ operator })
  const open = (): { readonly desk: OperatorDesk; readonly operator: OperatorPort } => {
    if (desk === undefined || operator === undefined) throw new RpcFailure('operator.unavailable')
    return { desk, operator }
  }
  return {
    aelf_nodeInfo: () => open().operator.info(),
    aelf_operatorChallenge: ([address]) => open().desk.challenge(asAddress(address)),
    aelf_operatorPair: ([nonce, signature]) => open().desk.pair(nonce, signature),
    aelf_operatorStatus: ([token]) => {
      const opened = open()
      return opened.operator.status(opened.desk.holder(token))
    },
    aelf_operatorLogs: ([token, options]) => {
      const opened = open()
      opened.desk.holder(token)
      return opened.operator.logs(options).map(({ fields, ...line }) => ({
        ...line,
        fields: toJson(fields) as { readonly [name: string]: Json },
      }))
    },
    aelf_operatorTrace: ([token, action]) => {
      const opened = open()
      const { spans, dropped } = opened.operator.trace(opened.desk.holder(token), action)
      return { spans: spans.map(({ height, ...span }) => ({ ...span, height: height.toString() })), dropped }
    },
    aelf_operatorUnpair: ([token]) => open().desk.unpair(token),
  }
}
