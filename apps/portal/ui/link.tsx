import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/** A link that fetches its page when followed: pages are live, and prefetching them again after every block would cost more than it saves. */
export function Link(props: ComponentProps<typeof NextLink>) {
  return <NextLink prefetch={false} {...props} />
}
