// The node-info record in its signed envelope, sealed and opened by @libp2p/peer-record.
import { RecordEnvelope } from '@libp2p/peer-record'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPublicKey } from '@libp2p/peer-id'
import { acceptedNetworks, ownNetwork } from './fork.mjs'

export const NODE_INFO_PROTOCOL = '/ssv/info/0.0.1'
export const NODE_INFO_LIMIT_BYTES = 64 * 1024
const DOMAIN = 'ssv'
const PAYLOAD_TYPE = 'ssv/nodeinfo'

export class NodeInfoError extends Error {
  constructor (reason, message, details = {}) {
    super(message)
    this.reason = reason
    this.details = details
  }
}

/** Seals our own node info; with `wrongSigner` another key than the host's signs it. */
export async function seal (options, privateKey) {
  const metadata = {
    NodeVersion: 'js-libp2p-peer' + 'x'.repeat(options.pad),
    ExecutionNode: 'none',
    ConsensusNode: 'none',
    Subnets: options.subnets
  }
  const payload = Buffer.from(JSON.stringify({ Entries: ['', ownNetwork(options), JSON.stringify(metadata)] }))
  const record = { domain: DOMAIN, codec: Buffer.from(PAYLOAD_TYPE), marshal: () => payload }
  const signer = options.wrongSigner ? await generateKeyPair('Ed25519') : privateKey
  return (await RecordEnvelope.seal(record, signer)).marshal()
}

/** Opens and checks what the peer sent: envelope, signer, record, network. */
export async function open (bytes, remotePeer, options) {
  if (bytes.length === 0) {
    throw new NodeInfoError('no-answer', 'the stream ended before the first byte')
  }
  let envelope
  try {
    envelope = await RecordEnvelope.openAndCertify(bytes, DOMAIN)
  } catch (error) {
    throw new NodeInfoError('invalid-envelope', `not a valid envelope of ${bytes.length} bytes: ${error.message}`)
  }
  if (Buffer.from(envelope.payloadType).toString() !== PAYLOAD_TYPE) {
    throw new NodeInfoError('invalid-envelope', 'the payload type is not ' + PAYLOAD_TYPE)
  }
  const signer = peerIdFromPublicKey(envelope.publicKey)
  if (!signer.equals(remotePeer)) {
    throw new NodeInfoError('wrong-signer', `signed by ${signer}, not by ${remotePeer}`)
  }
  const info = parse(Buffer.from(envelope.payload).toString())
  const accepted = acceptedNetworks(options)
  if (!accepted.includes(info.networkId)) {
    throw new NodeInfoError('network-mismatch', `their network is ${info.networkId}, ours is ${accepted.join(' or ')}`, info)
  }
  return info
}

function parse (text) {
  let entries
  let metadata = null
  try {
    entries = JSON.parse(text).Entries
    if (!Array.isArray(entries) || entries.length < 2 || entries.some(entry => typeof entry !== 'string')) {
      throw new Error('expected at least two texts in Entries')
    }
    if (entries.length > 2) {
      metadata = JSON.parse(entries[2])
    }
  } catch (error) {
    throw new NodeInfoError('invalid-node-info', error.message)
  }
  return { networkId: entries[1], metadata }
}
