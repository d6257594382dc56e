import { createLogger, installEngines, VERSION } from '#node'
import { type Finding, fail, ok, warn } from './finding.ts'

/** Whether a version of Node is one this program is made for. */
export function isSupportedNode(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
}

/** Node, this program, and the native code that makes it fast. */
export function checkSoftware(nodeVersion: string = process.versions.node): readonly Finding[] {
  const engines = installEngines(createLogger('silent'))
  const isNative = engines.signature === 'libsecp256k1'
  return [
    isSupportedNode(nodeVersion)
      ? ok('node version', `Node ${nodeVersion}`)
      : fail('node version', `Node ${nodeVersion} is not supported`, 'Install Node 20.19, 22.12 or 24 and later.'),
    ok('version', VERSION),
    isNative
      ? ok('engines', `signatures ${engines.signature}, hashes ${engines.hash}`)
      : warn(
          'engines',
          `signatures are checked by ${engines.signature}, many times slower than native code`,
          'Install the optional package secp256k1 with a compiler at hand, then start again.',
        ),
  ]
}
