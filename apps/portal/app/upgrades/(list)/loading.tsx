export { PageSkeleton as default } from '#ui/pageSkeleton.tsx'
