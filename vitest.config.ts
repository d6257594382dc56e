import { defineConfig } from 'vitest/config'

const sourceFirst = { conditions: ['@aelf/source', 'node'] }

export default defineConfig({
  resolve: sourceFirst,
  ssr: { resolve: sourceFirst },
  test: {
    include: [
      '.house/**/*.test.ts',
      'packages/**/src/**/*.test.{ts,tsx}',
      'packages/**/vectors/**/*.test.ts',
      'packages/**/sim/**/*.test.ts',
      'packages/**/chaos/**/*.test.ts',
      'packages/**/fuzz/**/*.test.ts',
      'packages/**/bench/**/*.test.ts',
      'packages/**/packaging/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
  },
})
