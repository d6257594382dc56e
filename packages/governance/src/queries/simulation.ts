import { type AelfClient, type Call, type SimulateCallReturnType, simulateCall } from '#actions'
import type { Address } from '#domain'

export interface SimulationQueryOptions {
  readonly queryKey: readonly ['aelf', 'simulation', Address | undefined, string]
  readonly queryFn: () => Promise<SimulateCallReturnType>
  readonly enabled: boolean
  readonly staleTime: number
}

/** What the chain would do with a call now: the fee, the sentence to sign, or the refusal. Disabled until complete. */
export function simulationQueryOptions(
  client: AelfClient,
  parameters: { readonly from?: Address | undefined; readonly call?: Call | undefined },
): SimulationQueryOptions {
  const { from, call } = parameters
  return {
    queryKey: ['aelf', 'simulation', from, call ? keyOf(call) : ''],
    queryFn: () => {
      if (!from || !call) return Promise.resolve({ ok: false, fee: 0n, intent: '' })
      return simulateCall(client, { from, call })
    },
    enabled: from !== undefined && call !== undefined,
    staleTime: 2_000,
  }
}

/** Amounts are bigint, which a query key cannot hold. */
function keyOf(call: Call): string {
  return JSON.stringify([call.contract, call.method, call.args], (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
}
