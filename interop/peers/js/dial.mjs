// peer dial: one operation against a listener, its result as one JSON object.
import { createHash, randomBytes } from 'node:crypto'
import { multiaddr } from '@multiformats/multiaddr'
import { NODE_INFO_LIMIT_BYTES, NODE_INFO_PROTOCOL, open, seal } from './nodeinfo.mjs'
import { writeZeros } from './perf.mjs'
import { chunksOf, handle, openStream, readAll, write, writeBytes } from './streams.mjs'

const MIB = 1024 * 1024

export async function dial (node, options, privateKey, signal) {
  const operation = operations[options.operation]
  if (operation == null) {
    throw new Error(`unknown operation ${options.operation}`)
  }
  const connection = await node.dial(multiaddr(options.target), { signal })
  return { ok: true, ...await operation({ node, connection, options, privateKey, signal }) }
}

const operations = {
  async ping ({ node, connection, options, signal }) {
    const micros = []
    for (let i = 0; i < options.count; i++) {
      const start = performance.now()
      await node.services.ping.ping(connection.remotePeer, { signal })
      micros.push(Math.round((performance.now() - start) * 1000))
    }
    micros.sort((a, b) => a - b)
    return { count: options.count, rttMicrosP50: micros[Math.floor(micros.length / 2)] }
  },

  async echo ({ connection, options, signal }) {
    const data = randomBytes(options.size)
    const sha256 = sha256Of(data)
    let bytes = 0
    for (let round = 0; round < options.count; round++) {
      const lengths = await Promise.all(Array.from({ length: options.streams }, () => echoOnce(connection, data, sha256, signal)))
      bytes += lengths.reduce((sum, length) => sum + length, 0)
    }
    return { bytes, sha256 }
  },

  async half ({ connection, options, signal }) {
    const data = randomBytes(options.size)
    const stream = await openStream(connection, '/half/1.0.0', { signal })
    await writeBytes(stream, data.length, sliceOf(data), signal)
    await stream.close({ signal })
    const answer = (await readAll(stream, 1024, signal)).toString()
    const expected = `${sha256Of(data)} ${data.length}`
    if (answer !== expected) {
      throw new Error(`expected ${expected}, got ${answer}`)
    }
    return { bytes: data.length, sha256: sha256Of(data) }
  },

  async perf ({ connection, options, signal }) {
    const stream = await openStream(connection, '/perf/1.0.0', { signal })
    const header = Buffer.alloc(8)
    header.writeBigUInt64BE(BigInt(options.download))
    const start = performance.now()
    await write(stream, header, signal)
    await writeZeros(stream, options.upload, signal)
    await stream.close({ signal })
    let first = null
    let received = 0
    for await (const chunk of chunksOf(stream, signal)) {
      first ??= performance.now()
      received += chunk.byteLength
    }
    const end = performance.now()
    if (received !== options.download) {
      throw new Error(`expected ${options.download} bytes, got ${received}`)
    }
    return {
      uploadMibPerSecond: mibPerSecond(options.upload, (first ?? end) - start),
      downloadMibPerSecond: mibPerSecond(options.download, end - (first ?? end))
    }
  },

  async identify ({ node, connection, signal }) {
    const result = await node.services.identify.identify(connection, { signal })
    return {
      agentVersion: result.agentVersion ?? null,
      protocolVersion: result.protocolVersion ?? null,
      protocols: result.protocols,
      listenAddresses: result.listenAddrs.map(address => address.toString()),
      observedAddress: result.observedAddr?.toString() ?? null
    }
  },

  // Our protocols change, so identify push tells the peer.
  async push ({ node, signal }) {
    await handle(node, '/pushed/1.0.0', stream => stream.close())
    await elapsed(3_000, signal)
    return { pushed: '/pushed/1.0.0' }
  },

  async handshake ({ connection, options, privateKey, signal }) {
    const stream = await openStream(connection, NODE_INFO_PROTOCOL, { signal })
    await write(stream, await seal(options, privateKey), signal)
    await stream.close({ signal })
    return open(await readAll(stream, NODE_INFO_LIMIT_BYTES, signal), connection.remotePeer, options)
  },

  // The listener resets; a clean end is a failure.
  async reset ({ connection, signal }) {
    const stream = await openStream(connection, '/reset/1.0.0', { signal })
    try {
      await write(stream, randomBytes(16), signal)
      await readAll(stream, 1024, signal)
    } catch (error) {
      if (error.name === 'StreamResetError') {
        return { reset: true }
      }
      throw error
    }
    throw new Error('expected a reset, got the end of the stream')
  },

  // We reset an echo in the middle; the connection must live on.
  async abort ({ node, connection, options, signal }) {
    const stream = await openStream(connection, '/echo/1.0.0', { signal })
    await write(stream, randomBytes(Math.max(1, options.size)), signal)
    for await (const chunk of chunksOf(stream, signal)) {
      void chunk
      break
    }
    stream.abort(new Error('reset in the middle, as asked'))
    await node.services.ping.ping(connection.remotePeer, { signal })
    return { reset: true }
  },

  // A stream that is open and silent for a while still carries data.
  async hold ({ connection, options, signal }) {
    const stream = await openStream(connection, '/echo/1.0.0', { signal })
    const chunks = chunksOf(stream, signal)
    for (const text of ['before', 'after']) {
      await write(stream, Buffer.from(text), signal)
      let got = ''
      while (got.length < text.length) {
        const { value, done } = await chunks.next()
        if (done) {
          throw new Error('the stream ended while it was held')
        }
        got += Buffer.from(value).toString()
      }
      if (got !== text) {
        throw new Error(`expected ${text}, got ${got}`)
      }
      if (text === 'before') {
        await elapsed(options.seconds * 1000, signal)
      }
    }
    await stream.close({ signal })
    return { seconds: options.seconds }
  }
}

async function echoOnce (connection, data, sha256, signal) {
  const stream = await openStream(connection, '/echo/1.0.0', { signal, maxOutboundStreams: 100_000 })
  const sent = writeBytes(stream, data.length, sliceOf(data), signal).then(() => stream.close({ signal }))
  const hash = createHash('sha256')
  let length = 0
  const received = (async () => {
    for await (const chunk of chunksOf(stream, signal)) {
      hash.update(chunk)
      length += chunk.byteLength
    }
  })()
  await Promise.all([sent, received])
  if (hash.digest('hex') !== sha256) {
    throw new Error(`sent ${data.length} bytes, ${length} others came back`)
  }
  return length
}

const sliceOf = data => (offset, length) => data.subarray(offset, offset + length)
const sha256Of = data => createHash('sha256').update(data).digest('hex')

function mibPerSecond (bytes, millis) {
  return bytes === 0 ? 0 : Math.round(bytes / MIB / (Math.max(millis, 0.001) / 1000) * 10) / 10
}

function elapsed (millis, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
