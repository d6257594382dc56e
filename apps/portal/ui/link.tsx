import NextLink from 'next/link'
import type { ComponentProps } from 'react'

/** The one page with a policy of its own (`proxy.ts`); a policy comes with the document, so it is loaded as one. */
const NODE_CONSOLE = '/node'

/** A link that fetches its page when followed: pages are live, and prefetching them again after every block would cost more than it saves. */
export function Link(props: ComponentProps<typeof NextLink>) {
  if (props.href === NODE_CONSOLE) {
    const { href: _, prefetch: __, scroll: ___, replace: ____, ...rest } = props
    return <a {...rest} href={NODE_CONSOLE} />
  }
  return <NextLink prefetch={false} {...props} />
}
