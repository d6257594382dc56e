import { defineConfig } from 'prisma/config'

const offline = 'postgresql://app@127.0.0.1:5432/postgres'

export default defineConfig({
  schema: 'schema',
  migrations: { path: 'migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? offline },
})
