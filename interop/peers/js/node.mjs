// A js-libp2p node with TCP, Noise and Yamux, and its own limits lifted unless told otherwise.
import { readFile } from 'node:fs/promises'
import { generateKeyPair, privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { noise, yamux } from './connection.mjs'

export const MANY = 100_000

/** No limit of the connection manager in the way. */
export const lifted = { inboundConnectionThreshold: MANY, maxIncomingPendingConnections: MANY, maxConnections: MANY }

export async function privateKeyFrom (options) {
  if (options.key != null) {
    return privateKeyFromProtobuf(await readFile(options.key))
  }
  switch (options.keyType) {
    case 'ed25519': return generateKeyPair('Ed25519')
    case 'secp256k1': return generateKeyPair('secp256k1')
    case 'ecdsa': return generateKeyPair('ECDSA')
    case 'rsa': return generateKeyPair('RSA', 2048)
    default: throw new Error(`unknown key type ${options.keyType}`)
  }
}

export async function createNode (options, privateKey) {
  const isLifted = !options.stockLimits
  const streams = isLifted ? { maxInboundStreams: MANY, maxOutboundStreams: MANY } : {}
  return createLibp2p({
    privateKey,
    addresses: { listen: options.command === 'listen' ? options.listen : [] },
    transports: [tcp()],
    connectionEncrypters: [options.earlyMuxer ? noise() : noiseWithoutEarlyMuxer],
    streamMuxers: [yamux(isLifted ? streams : null)],
    connectionManager: isLifted ? lifted : {},
    services: {
      ping: ping(streams),
      // The identify operation runs it itself, to see its result.
      identify: identify({ ...streams, runOnConnectionOpen: options.operation !== 'identify' }),
      identifyPush: identifyPush(streams)
    }
  })
}

/** Limits for a protocol of ours. */
export function handlerOptions (options) {
  return options.stockLimits ? {} : { maxInboundStreams: MANY, maxOutboundStreams: MANY }
}

function noiseWithoutEarlyMuxer (components) {
  const encrypter = noise()(components)
  const without = options => ({ ...options, skipStreamMuxerNegotiation: true })
  return {
    protocol: encrypter.protocol,
    secureInbound: (connection, options) => encrypter.secureInbound(connection, without(options)),
    secureOutbound: (connection, options) => encrypter.secureOutbound(connection, without(options))
  }
}
