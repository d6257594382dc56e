/** SHA-256 as `sha256sum` shows it. */
export async function sha256(bytes: BufferSource): Promise<`0x${string}`> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `0x${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
