import type { AppRouter } from '@aelf/governance/trpc/client'
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import superjson from 'superjson'

const URL_PATH = '/api/trpc'

/** The portal's API from the browser: batched requests, and server-sent events for subscriptions. */
export const trpc = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === 'subscription',
      true: httpSubscriptionLink({ url: URL_PATH, transformer: superjson }),
      false: httpBatchLink({ url: URL_PATH, transformer: superjson, maxURLLength: 4000, maxItems: 16 }),
    }),
  ],
})
