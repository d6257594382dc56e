// Turns law.json into dependency-cruiser rules: one "law" rule and one "door" rule a room, plus what holds everywhere.
const law = require('./law.json')

const PROOF = String.raw`\.(test|prop\.test|bench|test-d)\.tsx?$`

const folderOf = (name) => {
  const [place, ...rest] = name.split('/')
  const inside = rest.map((part) => (part === '*' ? '[^/]+' : part)).join('/')
  return place === 'portal' ? '^apps/portal/' : `^packages/${place}/src/${inside}/`
}

/** Patterns of rooms nested inside this one, which are rooms of their own. */
const nestedIn = (name) =>
  law.rooms.filter((room) => room.name.startsWith(`${name}/`)).map((room) => folderOf(room.name))

/** Patterns of rooms named literally where this one has a star. */
const exceptionsOf = (name) =>
  name.endsWith('/*')
    ? law.rooms
        .filter((room) => room.name !== name && room.name.startsWith(name.slice(0, -1)))
        .map((room) => folderOf(room.name))
    : []

const own = (room) => (room.name.endsWith('/*') ? `${folderOf(room.name).replace('[^/]+', '$1')}` : folderOf(room.name))
const fromOf = (room) => ({
  path: room.name.endsWith('/*') ? folderOf(room.name).replace('[^/]+', '([^/]+)') : folderOf(room.name),
  pathNot: [PROOF, ...nestedIn(room.name), ...exceptionsOf(room.name)],
})

const ANYWHERE = '^(packages/[^/]+/src|apps|e2e)/'
const doors = law.rooms.filter((room) => room.name !== 'portal').map((room) => `${folderOf(room.name)}${law.doors}`)

const rulesOf = (room) => {
  const open = room.may.map(folderOf)
  const shared = { severity: 'error', from: fromOf(room) }
  const rules = [
    {
      ...shared,
      name: `law ${room.name}`,
      comment: `${room.name} may import only: ${room.may.join(', ') || 'nothing'}`,
      to: { path: ANYWHERE, pathNot: [own(room), ...open] },
    },
    {
      ...shared,
      name: `door ${room.name}`,
      comment: 'Enter another room by its index.ts',
      to: { path: ANYWHERE, pathNot: [own(room), ...doors, ...law.sideDoors] },
    },
  ]
  if (room.packages !== '*') {
    rules.push({
      ...shared,
      name: `packages ${room.name}`,
      comment: `${room.name} may use only: ${room.packages.join(', ') || 'no package'}`,
      to: { path: 'node_modules/', pathNot: room.packages.map((name) => `node_modules/${name}/`) },
    })
  }
  if (room.deterministic) {
    rules.push({
      ...shared,
      name: `platform ${room.name}`,
      comment: 'A deterministic room has no platform',
      to: { dependencyTypes: ['core'] },
    })
  }
  return rules
}

module.exports = {
  forbidden: [
    ...law.rooms.flatMap(rulesOf),
    {
      name: 'no cycle',
      severity: 'error',
      comment: 'A cycle means two files are one',
      from: { path: '^(packages|apps)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'The import leads nowhere',
      from: { pathNot: PROOF },
      to: { couldNotResolve: true },
    },
    {
      name: 'testing stays outside',
      severity: 'error',
      comment: 'Product code never imports test support',
      from: { path: '^(packages/[^/]+/src|apps)/', pathNot: [PROOF, '/src/testing/'] },
      to: { path: '/src/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next|db/generated|\\.house/canary)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@aelf/source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
}
