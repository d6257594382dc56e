import type { Database } from '../database.ts'

/** Names of the delegates among these addresses. */
export async function delegateNames(
  prisma: Database['prisma'],
  addresses: readonly string[],
): Promise<Map<string, string>> {
  if (addresses.length === 0) return new Map()
  const rows = await prisma.delegate.findMany({
    where: { address: { in: [...new Set(addresses)] }, name: { not: '' } },
    select: { address: true, name: true },
  })
  return new Map(rows.map((row) => [row.address, row.name]))
}
