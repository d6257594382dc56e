import type { Era } from '#chains'
import { describeContract } from '#contracts/runtime'
import { SAMPLE_BYTES } from './limits.ts'
import type { DescriptorChange, FeeChange, ParameterChange } from './types.ts'

type Described = ReturnType<typeof describeContract>
type Kind = DescriptorChange['kind']

/** Everything callers and readers rely on, by kind and number, as one line each. */
function linesOf(
  contract: Described,
): Map<string, { readonly kind: Kind; readonly name: string; readonly line: string }> {
  const lines = new Map<string, { readonly kind: Kind; readonly name: string; readonly line: string }>()
  const put = (kind: Kind, number: number | string, one: { readonly name: string; readonly line: string }): unknown =>
    lines.set(`${kind} ${number}`, { kind, ...one })
  const fields = (list: readonly { name: string; type: string }[]): string =>
    list.map(({ name, type }) => `${type} ${name}`).join(', ')
  for (const { number, name, signature, intent, doc } of contract.methods)
    put('method', number, { name, line: `${signature}: ${intent}. ${doc}` })
  for (const { number, name, key, value } of contract.items)
    put('item', number, { name, line: `${name}(${key.join(', ')}) ${fields(value)}` })
  for (const { number, name, fields: own } of contract.events)
    put('event', number, { name, line: `${name}(${fields(own)})` })
  for (const { number, name, help } of contract.errors) put('error', number, { name, line: `${name}: ${help}` })
  for (const view of contract.views) put('view', view.name, { name: view.name, line: JSON.stringify(view) })
  return lines
}

/** Contracts, methods, views, items, events and errors that come, go or say something else. */
export function compareDescriptors(former: Era, next: Era): readonly DescriptorChange[] {
  const [before, after] = [former, next].map(
    ({ registry }) =>
      new Map(registry.contracts.map((contract) => [contract.identity.name, describeContract(contract)])),
  ) as [Map<string, Described>, Map<string, Described>]
  const changes: DescriptorChange[] = []
  for (const contract of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(contract), after.get(contract)]
    if (was === undefined || is === undefined) {
      const change = was === undefined ? 'added' : 'removed'
      changes.push({ contract, kind: 'contract', name: contract, change, from: null, to: null })
    }
    const [old, now] = [was, is].map((one) => (one === undefined ? new Map() : linesOf(one))) as [
      ReturnType<typeof linesOf>,
      ReturnType<typeof linesOf>,
    ]
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const [from, to] = [old.get(key), now.get(key)]
      const { kind, name } = to ?? from ?? { kind: 'method' as const, name: key }
      if (from?.line === to?.line) continue
      const change = from === undefined ? 'added' : to === undefined ? 'removed' : 'changed'
      changes.push({ contract, kind, name, change, from: from?.line ?? null, to: to?.line ?? null })
    }
  }
  return changes
}

/** Values of all parameters at a height. */
function valuesOf({ registry }: Era, height: bigint): ReadonlyMap<string, string> {
  return new Map(
    registry.contracts.flatMap(({ identity, address, params }) =>
      params.map(({ name }): [string, string] => [
        `${identity.name}.${name}`,
        registry.param(address, name, height).toString(),
      ]),
    ),
  )
}

export function compareParameters(former: Era, next: Era, height: bigint): readonly ParameterChange[] {
  const [before, after] = [valuesOf(former, height), valuesOf(next, height)]
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, from: before.get(name) ?? null, to: after.get(name) ?? null }))
    .filter(({ from, to }) => from !== to)
}

/** What a transaction of a middling size costs, for methods that both have. */
export function compareFees(former: Era, next: Era, height: bigint): readonly FeeChange[] {
  const fees = ({ registry, feePolicyAt }: Era): Map<string, string> =>
    new Map(
      registry.contracts.flatMap((contract) =>
        describeContract(contract).methods.map((method): [string, string] => [
          `${method.contract}.${method.name}`,
          feePolicyAt(height).feeOf(SAMPLE_BYTES, method).toString(),
        ]),
      ),
    )
  const [before, after] = [fees(former), fees(next)]
  return [...before].flatMap(([method, from]) => {
    const to = after.get(method)
    return to === undefined || to === from ? [] : [{ method, bytes: SAMPLE_BYTES, from, to }]
  })
}
