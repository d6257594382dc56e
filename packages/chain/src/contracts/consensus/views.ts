import { defineView, type View } from '#contracts/runtime'
import { params } from './params.ts'

const parameter = defineView({
  name: 'parameter',
  doc: 'One parameter at this height; null for an unknown name.',
  args: 'string parameterName',
  read: (ctx, { parameterName }) =>
    params.some(({ name }) => name === parameterName) ? ctx.env.param(parameterName) : null,
})

const parameters = defineView({
  name: 'parameters',
  doc: 'All parameters at this height.',
  args: '',
  read: (ctx) => params.map(({ name, doc }) => ({ name, value: ctx.env.param(name), doc })),
})

export const views: readonly View[] = [parameter, parameters]
