import type { ContractInfo } from '@aelf/chain/rpc'
import { z } from 'zod'
import { countCalls } from '#db'
import type { ContractView } from '#domain'
import { dataAge } from '../age.ts'
import type { TrpcContext } from '../context.ts'
import { contractNamed, contractsNow } from '../contracts.ts'
import { ApiError } from '../errors.ts'
import { procedure, router } from '../init.ts'
import type { ContractRecord, RouterOf } from '../surface.ts'

const TTL_MS = 10_000

const callsOf = (ctx: TrpcContext): Promise<Map<string, number>> =>
  ctx.memory.remember('calls', TTL_MS, () => countCalls(ctx.database))

function describe(descriptor: ContractInfo, calls: ReadonlyMap<string, number>): Omit<ContractView, 'asOf' | 'source'> {
  const { name, address } = descriptor
  return {
    name,
    address,
    doc: descriptor.methods.map((method) => method.doc).join(' '),
    methods: descriptor.methods.map((method) => ({
      number: method.number,
      name: method.name,
      signature: method.signature,
      intent: method.intent,
      doc: method.doc,
      args: method.abi.args.map((argument) => ({ name: argument.name, type: argument.type })),
      nonParallel: method.nonParallel,
      calls: calls.get(`${name}.${method.name}`) ?? 0,
    })),
    items: descriptor.items.map((item) => ({ number: item.number, name: item.name, key: item.key, value: item.value })),
    events: descriptor.events.map((event) => ({
      number: event.number,
      name: event.name,
      fields: event.fields.map((field) => ({ name: field.name, type: field.type })),
    })),
    errors: descriptor.errors.map((error) => ({
      number: error.number,
      code: `${name}.${error.name}`,
      help: error.help,
    })),
  }
}

export const contractRouter: RouterOf<ContractRecord> = router({
  list: procedure.query(async ({ ctx }) => {
    const [calls, { contracts, source }] = await Promise.all([callsOf(ctx), contractsNow(ctx)])
    const items = contracts.map(({ name, address, methods }) => ({
      name,
      address,
      methods: methods.length,
      calls: methods.reduce((sum, method) => sum + (calls.get(`${name}.${method.name}`) ?? 0), 0),
    }))
    return { items, source, asOf: await dataAge(ctx) }
  }),
  get: procedure.input(z.object({ id: z.string().min(1).max(64) })).query(async ({ ctx, input }) => {
    const [calls, { contracts, source }] = await Promise.all([callsOf(ctx), contractsNow(ctx)])
    const found = contractNamed(contracts, input.id)
    if (found === undefined) throw new ApiError('contract.notFound', `There is no contract ${input.id}`)
    return { ...describe(found, calls), source, asOf: await dataAge(ctx) }
  }),
})
