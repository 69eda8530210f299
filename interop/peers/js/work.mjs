// The work that the benchmarks compare: one end of it, or both in this process; see ../README.md.
import { setMaxListeners } from 'node:events'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { noise, yamux } from './connection.mjs'
import { lifted, MANY, privateKeyFrom } from './node.mjs'
import { servePerf, writeZeros } from './perf.mjs'
import { chunksOf, handle, openStream, write } from './streams.mjs'

const ECHO = '/echo/1.0.0'
const PERF = '/perf/1.0.0'
const MESSAGE = new Uint8Array(32)
const STREAMS_AT_ONCE = 64
const UPLOAD_MIB = 64
const UNITS = { 'ping-pong': 'µs', bulk: 'MiB/s' }
const STREAMS = { maxInboundStreams: MANY, maxOutboundStreams: MANY }

/** Serves the echo and perf until stdin ends. */
export async function listenForWork (options, print) {
  const node = await listener(options)
  print({ event: 'listening', peerId: node.peerId.toString(), addresses: node.getMultiaddrs().map(address => address.toString()) })
  for await (const ignored of process.stdin) {
    void ignored
  }
  await node.stop()
}

/** Does the work against a listener, which is in this process when no target is given. */
export async function work (options, signal) {
  setMaxListeners(Infinity, signal)
  const own = options.target == null ? await listener(options) : null
  const target = own?.getMultiaddrs()[0] ?? multiaddr(options.target)
  const node = await createNode(options, [])
  const worker = new Worker(node, target, signal)
  const round = await worker.round(options.kind)
  await round(options.warmUpSeconds * 1000)
  const rounds = []
  while (rounds.length < options.rounds) {
    rounds.push(await round(options.seconds * 1000))
  }
  await Promise.all([node.stop(), own?.stop()])
  return { ok: true, kind: options.kind, unit: UNITS[options.kind] ?? '1/s', median: median(rounds), rounds }
}

async function listener (options) {
  const node = await createNode(options, options.listen)
  await handle(node, ECHO, async stream => {
    try {
      for await (const chunk of chunksOf(stream)) {
        await write(stream, chunk)
      }
      await stream.close()
    } catch (error) {
      stream.abort(error)
    }
  }, STREAMS)
  await handle(node, PERF, async stream => {
    try {
      await servePerf(stream, chunksOf(stream))
    } catch (error) {
      stream.abort(error)
    }
  }, STREAMS)
  return node
}

/** A node that does nothing of itself on a new connection. */
async function createNode (options, listen) {
  return createLibp2p({
    privateKey: await privateKeyFrom(options),
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux(STREAMS)],
    connectionManager: lifted
  })
}

/** The end that dials. */
class Worker {
  constructor (node, target, signal) {
    this.node = node
    this.target = target
    this.signal = signal
  }

  /** What a round does; it takes its length, and gives its figure. */
  async round (kind) {
    if (kind === 'connections') {
      return millis => this.rate(millis, () => this.connection())
    }
    const connection = await this.dial()
    await this.stream(connection) // js-libp2p resets a connection with many streams before it is ready
    switch (kind) {
      case 'streams': return millis => this.rate(millis, () => this.stream(connection))
      case 'bulk': return async millis => UPLOAD_MIB * await this.rate(millis, () => this.upload(connection))
      case 'streams-64': return millis => this.rateAtOnce(millis, () => this.stream(connection))
      default: {
        const stream = await this.open(connection)
        const chunks = chunksOf(stream, this.signal)
        return millis => this.medianMicros(millis, stream, chunks)
      }
    }
  }

  dial () {
    return this.node.dial(this.target, { force: true, signal: this.signal })
  }

  open (connection) {
    return openStream(connection, ECHO, { signal: this.signal, maxOutboundStreams: MANY })
  }

  /** Opens a stream, sends bytes and the end, and waits for them to come back. */
  async stream (connection) {
    const stream = await this.open(connection)
    const sent = write(stream, MESSAGE, this.signal).then(() => stream.close({ signal: this.signal }))
    let length = 0
    for await (const chunk of chunksOf(stream, this.signal)) {
      length += chunk.byteLength
    }
    await sent
    if (length !== MESSAGE.length) {
      throw new Error(`expected ${MESSAGE.length} bytes, got ${length}`)
    }
  }

  /** Sends much on a stream, and waits until it has been received. */
  async upload (connection) {
    const stream = await openStream(connection, PERF, { signal: this.signal, maxOutboundStreams: MANY })
    await write(stream, new Uint8Array(8), this.signal) // how much is to come back
    await writeZeros(stream, UPLOAD_MIB * 1024 * 1024, this.signal)
    await stream.close({ signal: this.signal })
    for await (const chunk of chunksOf(stream, this.signal)) {
      throw new Error(`expected no bytes, got ${chunk.byteLength}`)
    }
  }

  /** Dials, uses one stream, and closes. */
  async connection () {
    const connection = await this.dial()
    await this.stream(connection)
    await connection.close({ signal: this.signal })
  }

  async rate (millis, once) {
    const start = performance.now()
    let count = 0
    while (performance.now() - start < millis) {
      await once()
      count++
    }
    return perSecond(count, start)
  }

  async rateAtOnce (millis, once) {
    const start = performance.now()
    let count = 0
    await Promise.all(Array.from({ length: STREAMS_AT_ONCE }, async () => {
      while (performance.now() - start < millis) {
        await once()
        count++
      }
    }))
    return perSecond(count, start)
  }

  async medianMicros (millis, stream, chunks) {
    const micros = []
    const start = performance.now()
    while (micros.length === 0 || performance.now() - start < millis) {
      const sent = performance.now()
      await write(stream, MESSAGE, this.signal)
      for (let missing = MESSAGE.length; missing > 0;) {
        const { value, done } = await chunks.next()
        if (done) {
          throw new Error('the stream ended while it was used')
        }
        missing -= value.byteLength
      }
      micros.push((performance.now() - sent) * 1000)
    }
    return median(micros)
  }
}

const perSecond = (count, start) => count * 1000 / (performance.now() - start)
const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
