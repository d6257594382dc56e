'use client'

import { Button } from '#ui/button.tsx'
import { Notice } from '#ui/notice.tsx'

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <div className="mx-auto mt-6 max-w-2xl">
      <h1 className="mb-4 text-2xl font-semibold">This page can’t be shown now</h1>
      <Notice
        kind="error"
        title="The portal’s data is not answering"
        code={error.digest === undefined ? undefined : `Report ${error.digest}`}
        action={<Button onClick={reset}>Try again</Button>}
      >
        <p>
          The chain is not affected, and nothing you signed is lost. The line at the top shows when data flows again;
          the status page says which part is down.
        </p>
      </Notice>
    </div>
  )
}
