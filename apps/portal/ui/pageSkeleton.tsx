import { SkeletonRows } from './notice.tsx'

/** The outline of a list page while the server answers. */
export function PageSkeleton() {
  return (
    <div>
      <div className="shimmer mb-3 h-8 w-48" aria-hidden="true" />
      <div className="shimmer mb-8 h-5 w-80 max-w-full" aria-hidden="true" />
      <div className="panel">
        <SkeletonRows rows={8} />
      </div>
    </div>
  )
}
