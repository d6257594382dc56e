import type { SearchHit } from '@aelf/governance/domain'

/** The page that shows a search hit. */
export function hrefOf(hit: SearchHit): string {
  const id = encodeURIComponent(hit.id)
  switch (hit.kind) {
    case 'block':
      return `/explorer/blocks/${id}`
    case 'transaction':
      return `/explorer/txs/${id}`
    case 'account':
      return `/explorer/accounts/${id}`
    case 'delegate':
      return `/delegates/${id}`
    case 'round':
      return `/rounds/${id}`
    case 'term':
      return `/terms/${id}`
    case 'contract':
      return `/explorer/contracts/${id}`
    case 'token':
      return '/explorer/contracts/token'
    case 'position':
      return `/stake/${id}`
    case 'collection':
      return `/upgrades/${id}`
    case 'proposal':
      return `/proposals/${id}`
  }
}
