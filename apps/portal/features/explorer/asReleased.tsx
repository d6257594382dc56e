import { Notice } from '#ui/notice.tsx'

/** Contracts change while the chain runs; what runs now is told by the node alone. */
export const AsReleased = () => (
  <Notice kind="warn" title="The node does not say which contracts run" className="mb-6">
    These are the ones this release was built with. An upgrade may have replaced them.
  </Notice>
)
