import type { Metadata } from 'next'
import { VerifyFile } from '#features/proof/verifyPage.tsx'
import { PageHeader } from '#ui/panel.tsx'

export const metadata: Metadata = { title: 'Verify a proof' }

export default function VerifyPage() {
  return (
    <>
      <PageHeader
        title="Verify a proof"
        lead="Every fact of the explorer can be downloaded with its proof. Here it is checked again from the file alone: hashes, signatures and the producers this browser has pinned."
      />
      <VerifyFile />
    </>
  )
}
