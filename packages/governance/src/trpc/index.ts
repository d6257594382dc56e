export type { Api, ServerCaller } from './api.ts'
export {
  configureApi,
  createApi,
  createServerCaller,
  handleContentRequest,
  handleReleaseRequest,
  handleTrpcRequest,
  handleUnsubscribeRequest,
  handleUpgradeFeed,
  processApi,
} from './api.ts'
export type { TrpcContext } from './context.ts'
export type { ApiSettings } from './env.ts'
export { readApiSettings } from './env.ts'
export type { ApiReason } from './errors.ts'
export { ApiError } from './errors.ts'
export { appRouter } from './router.ts'
export type { ApiErrorShape, AppRouter } from './surface.ts'
