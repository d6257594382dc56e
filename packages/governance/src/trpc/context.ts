/** What each procedure gets; built once a process by `createApi` and shared by all requests. */
export interface TrpcContext {
  readonly requestId: string
}
