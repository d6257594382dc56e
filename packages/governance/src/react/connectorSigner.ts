import { signTypedData } from 'viem/actions'
import type { Config } from 'wagmi'
import { getConnection, getConnectorClient } from 'wagmi/actions'
import { type TransactionSigner, WalletError } from '#actions'
import type { Address } from '#domain'

/**
 * Signs with the wallet that is connected to a wagmi config. The wallet may be on any network: its chain id is read right
 * before signing and echoed in the domain, while the salt binds the signature to this chain.
 */
export function connectorSigner(config: Config): TransactionSigner {
  const { address, connector } = getConnection(config)
  if (!address || !connector) throw new WalletError('No wallet is connected.')
  return {
    address: address.toLowerCase() as Address,
    walletChainId: async () => BigInt(await connector.getChainId()),
    signTypedData: async (data) => {
      const client = await getConnectorClient(config, { assertChainId: false })
      return signTypedData(client, { ...data, account: client.account } as Parameters<typeof signTypedData>[1])
    },
  }
}
