// peer listen: serves all test protocols, tells what happens as one JSON object a line, takes commands on stdin.
import { createHash } from 'node:crypto'
import { createInterface } from 'node:readline'
import { multiaddr } from '@multiformats/multiaddr'
import { NODE_INFO_LIMIT_BYTES, NODE_INFO_PROTOCOL, open, seal } from './nodeinfo.mjs'
import { handlerOptions } from './node.mjs'
import { servePerf } from './perf.mjs'
import { chunksOf, handle, readAll, stockChunksOf, write } from './streams.mjs'

const EXCHANGE_MILLIS = 5_000
const MISMATCH_CLOSE_MILLIS = 500

/** Serves on one node, and says where. */
export async function listen (node, options, privateKey, printLine) {
  const print = line => printLine({ ...line, self: node.peerId.toString() })
  const peerOf = connection => connection.remotePeer.toString()
  node.addEventListener('connection:open', ({ detail: connection }) => {
    print({ event: 'connected', peerId: peerOf(connection), direction: connection.direction, connectionId: connection.id })
  })
  node.addEventListener('connection:close', ({ detail: connection }) => {
    print({ event: 'disconnected', peerId: peerOf(connection), direction: connection.direction, connectionId: connection.id })
  })
  node.addEventListener('peer:identify', ({ detail }) => {
    print({
      event: 'identified',
      peerId: detail.peerId.toString(),
      agentVersion: detail.agentVersion ?? null,
      protocols: detail.protocols,
      listenAddresses: detail.listenAddrs.map(address => address.toString())
    })
  })

  const reader = options.stockReaders ? stream => stockChunksOf(stream) : stream => chunksOf(stream)
  const serve = (protocol, handler) => handle(node, protocol, async (stream, connection) => {
    try {
      await handler(stream, connection)
    } catch (error) {
      stream.abort(error)
    }
  }, handlerOptions(options))

  await serve('/echo/1.0.0', async stream => {
    for await (const chunk of reader(stream)) {
      await write(stream, chunk)
    }
    await stream.close()
  })
  await serve('/half/1.0.0', async stream => {
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of reader(stream)) {
      hash.update(chunk)
      length += chunk.byteLength
    }
    await write(stream, Buffer.from(`${hash.digest('hex')} ${length}`))
    await stream.close()
  })
  await serve('/reset/1.0.0', async stream => {
    for await (const chunk of reader(stream)) {
      stream.abort(new Error(`reset after ${chunk.byteLength} bytes, as the protocol says`))
      return
    }
    stream.abort(new Error('reset at end of stream'))
  })
  await serve('/perf/1.0.0', stream => servePerf(stream, reader(stream)))
  await serve(NODE_INFO_PROTOCOL, async (stream, connection) => {
    const told = { event: 'handshake', peerId: peerOf(connection), direction: 'inbound' }
    try {
      const request = await readAll(stream, NODE_INFO_LIMIT_BYTES, AbortSignal.timeout(EXCHANGE_MILLIS))
      let info
      let mismatch = null
      try {
        info = await open(request, connection.remotePeer, options)
      } catch (error) {
        if (error.reason !== 'network-mismatch') {
          throw error
        }
        mismatch = error
      }
      await write(stream, await seal(options, privateKey))
      await stream.close()
      if (mismatch != null) {
        // The peer has our answer first: it learns why.
        const { reason, message } = mismatch
        setTimeout(() => {
          print({ event: 'closing', peerId: peerOf(connection), connections: 1, reason, error: message })
          connection.close().catch(() => {})
        }, MISMATCH_CLOSE_MILLIS).unref()
        throw mismatch
      }
      print({ ...told, ok: true, ...info })
    } catch (error) {
      print({ ...told, ok: false, reason: error.reason ?? 'stream', error: error.message, ...error.details })
      if (error.reason !== 'network-mismatch') {
        throw error
      }
    }
  })

  print({ event: 'listening', peerId: node.peerId.toString(), addresses: node.getMultiaddrs().map(address => address.toString()) })
}

/** Takes commands on stdin until it ends. */
export async function takeCommands (nodes, options, print) {
  for (const address of options.dialOnStart) {
    dial(nodes[0], address, print)
  }
  for await (const line of createInterface({ input: process.stdin })) {
    await command(nodes, line.trim(), print)
  }
}

async function command (nodes, line, printLine) {
  const words = line.split(/\s+/)
  const [name, argument] = words
  // A peer id at the end says which of our nodes is meant; the first one is, without it.
  const own = name === 'peers' ? argument : words[2]
  const node = own == null ? nodes[0] : nodes.find(node => node.peerId.toString() === own)
  if (node == null) {
    printLine({ event: 'error', error: `no node of ours is meant by ${line}` })
    return
  }
  const print = line => printLine({ ...line, self: node.peerId.toString() })
  switch (name) {
    case 'dial':
      setTimeout(() => dial(node, argument, print), Number(words[3] ?? 0) / 1000)
      break
    case 'close':
      await Promise.allSettled(node.getConnections().filter(c => c.remotePeer.toString() === argument).map(c => c.close()))
      break
    case 'peers': {
      const peers = {}
      for (const connection of node.getConnections()) {
        const peer = connection.remotePeer.toString()
        peers[peer] = (peers[peer] ?? 0) + 1
      }
      print({ event: 'peers', peers })
      break
    }
    case '':
      break
    default:
      print({ event: 'error', error: `unknown command ${name}` })
  }
}

function dial (node, address, print) {
  Promise.resolve().then(() => node.dial(multiaddr(address), { force: true })).then(
    connection => print({ event: 'dialed', address, peerId: connection.remotePeer.toString(), connectionId: connection.id }),
    error => print({ event: 'dial-failed', address, error: error.message }))
}
