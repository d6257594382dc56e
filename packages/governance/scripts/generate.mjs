#!/usr/bin/env node
/**
 * Runs the Prisma command line without network: `node generate.mjs` generates the client, any arguments are passed on
 * instead (`node generate.mjs migrate status`, `node generate.mjs validate`).
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../../..')
const engine = join(here, 'schemaEngine.mjs')
const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')

chmodSync(engine, 0o755)
const command = process.argv.length > 2 ? process.argv.slice(2) : ['generate']
const { status, error } = spawnSync(
  process.execPath,
  [cli, ...command, '--config', join(root, 'prisma/prisma.config.ts')],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? engine,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  },
)
if (error) throw error
if (status === 0 && command[0] === 'generate') makeCheckable(join(root, 'packages/governance/src/db/generated'))
process.exit(status ?? 1)

/**
 * The compiler will not write declarations for unchecked files, and the generated ones pass the check as they are; only
 * the engine's loader imports modules without types, and its own declarations are explicit.
 */
function makeCheckable(directory) {
  for (const name of readdirSync(directory, { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('class.ts')) continue
    const file = join(directory, name)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\/\/ @ts-nocheck.*$/m, ''))
  }
}
