import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from './surface.ts'

export type { ApiErrorShape, AppRouter } from './surface.ts'
export type RouterInputs = inferRouterInputs<AppRouter>
export type RouterOutputs = inferRouterOutputs<AppRouter>
