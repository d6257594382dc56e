/** Address of the node for code in the browser: the configured one, or the portal's own relay. */
export const nodeUrl = (): string => document.body.dataset['rpc'] ?? `${window.location.origin}/api/rpc`
