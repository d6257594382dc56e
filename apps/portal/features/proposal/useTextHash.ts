'use client'

import { useEffect, useState } from 'react'
import { sha256 } from './sha256.ts'

/** SHA-256 of a text's UTF-8; undefined while it is worked out. */
export function useTextHash(text: string): `0x${string}` | undefined {
  const [known, setKnown] = useState<{ text: string; hash: `0x${string}` } | undefined>(undefined)
  useEffect(() => {
    let current = true
    void sha256(new TextEncoder().encode(text)).then((hash) => {
      if (current) setKnown({ text, hash })
    })
    return () => {
      current = false
    }
  }, [text])
  return known?.text === text ? known.hash : undefined
}
