import { defaultLanes } from '#node'
import type { Hash } from '#primitives'

/** What of a configuration differs from node to node. Paths are relative to the file. */
export interface ConfigChoices {
  readonly genesisHash: Hash
  readonly listen: string
  readonly peers: readonly string[]
  readonly rpcPort: number
  readonly metricsPort: number
  /** Absent: an observer. */
  readonly producer: { readonly passwordFile: string } | undefined
}

const list = (items: readonly string[]): string =>
  items.length === 0 ? ' []' : `\n${items.map((item) => `    - ${JSON.stringify(item)}`).join('\n')}`

function producerPart(producer: ConfigChoices['producer']): string {
  if (producer === undefined) {
    return `# No "producer" section: this node observes. To produce, make a keystore with \`aelf keystore new\` and add:
# producer:
#   keystore: ./keystore.json
#   passwordFile: ./password`
  }
  return `producer:
  # Encrypted file with the delegate's key and in-values.
  keystore: ./keystore.json
  # File with the keystore's password on its first line; "" asks whoever starts the node.
  passwordFile: ${JSON.stringify(producer.passwordFile)}
  # Signer that holds the key on another machine: unix:/path, http://host:port or https://host:port; "" signs here.
  remoteSigner: ""
  # File with the secret that the remote signer asks for.
  signerTokenFile: ""
  # Slots to watch for another node with this key before signing; 0 is two rounds.
  watchSlots: 0`
}

/** Text of an aelf.yaml with a comment for every option. */
export function configText(choices: ConfigChoices): string {
  return `# A node of the aelf network. Every option has its default where it is left out; paths are relative to this file.
# Check it with \`aelf config check\`, see what is in force with \`aelf config show\`.

# Folder of the chain, the node's identity and what it signed last. Never copy it to a second running node.
dataDir: ./data
# Genesis of the network; the hash is its name and is compared at every start.
genesis: ./genesis.json
genesisHash: "${choices.genesisHash}"

p2p:
  # Where other nodes reach this one: /ip4 or /ip6 address, tcp port.
  listen:${list([choices.listen])}
  # Addresses to tell others instead of those above, such as /ip4/203.0.113.7/tcp/6880 behind a router.
  announce: []
  # Nodes to connect to first, each with its name: /dns4/node.example/tcp/6880/p2p/12D3KooW…
  peers:${list(choices.peers)}
  # Most connections at a time.
  maxPeers: 50

rpc:
  # Where wallets and the portal ask this node. Other machines reach it only with another host than 127.0.0.1.
  host: 127.0.0.1
  port: ${choices.rpcPort}
  # Web pages elsewhere that may call from a browser, such as https://portal.example; "*" for any.
  origins: []
  # Host names the node answers under besides addresses and localhost.
  hosts: []
  # Accounts that may pair with the operator console, besides the delegate's own.
  operators: []

metrics:
  # Prometheus reads http://host:port/metrics.
  enabled: true
  host: 127.0.0.1
  port: ${choices.metricsPort}

${producerPart(choices.producer)}

log:
  # debug, info, warn, error or silent
  level: info
  # json for machines, pretty for people
  format: json

collection:
  # Whether new contracts that the chain has adopted come from peers by themselves, checked by their hash, or \`aelf collection install\` brings them.
  # true, false, or auto: an observer gets them; a producer only those of blocks that are irreversible already.
  autoInstall: auto

execution:
  # Threads that execute parts of large blocks; 0 for none. Left out: one for each core but the first.
  workers: ${defaultLanes()}

# Newest heights whose state can be proven.
keepStates: 1024
`
}
