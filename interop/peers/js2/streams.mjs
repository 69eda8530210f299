// Reading and writing whole streams with back-pressure, on top of js-libp2p 2's sources and sinks.

export const CHUNK_BYTES = 64 * 1024
export const STOCK_PIECE_BYTES = 16 * 1024 * 1024

/** A stream to write to piece by piece. Its sink takes the next piece when the one before has been sent. */
class Writable {
  constructor (raw, connection) {
    this.raw = raw
    this.connection = connection
    this.sunk = null
    this.pieces = []
    this.wanted = null
    this.sent = null
    this.ended = false
    this.fail = null
  }

  write (bytes, signal) {
    return new Promise((resolve, reject) => {
      const aborted = () => reject(signal.reason)
      signal?.addEventListener('abort', aborted)
      const sent = () => {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      this.pieces.push({ bytes, sent })
      this.fail = reject
      this.start()
      this.serve()
    })
  }

  /** Ends our side when everything has been sent. */
  async close () {
    this.ended = true
    this.start()
    this.serve()
    await this.sunk
  }

  abort (error) {
    this.raw.abort(error)
  }

  start () {
    if (this.sunk != null) {
      return
    }
    this.sunk = this.raw.sink({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(resolve => {
          this.sent?.()
          this.sent = null
          this.wanted = resolve
          this.serve()
        }),
        return: async () => {
          this.wanted?.({ done: true })
          this.wanted = null
          return { done: true }
        }
      })
    })
    // One piece is written at a time, so there is one to fail.
    this.sunk.then(() => this.fail?.(new Error('the stream was closed while it was written to')), error => this.fail?.(error))
  }

  serve () {
    if (this.wanted == null) {
      return
    }
    const wanted = this.wanted
    if (this.pieces.length > 0) {
      const { bytes, sent } = this.pieces.shift()
      this.wanted = null
      this.sent = sent
      wanted({ value: bytes, done: false })
    } else if (this.ended) {
      this.wanted = null
      wanted({ done: true })
    }
  }
}

export async function openStream (connection, protocol, options) {
  return new Writable(await connection.newStream(protocol, options), connection)
}

/** Calls the handler with each stream for the protocol, and its connection. */
export const handle = (node, protocol, handler, options) =>
  node.handle(protocol, ({ stream, connection }) => handler(new Writable(stream, connection), connection), options)

/** Reads a stream until its writer has closed it; throws when it is reset or its connection ends before. */
export async function * chunksOf (stream, signal) {
  const aborted = () => stream.raw.abort(signal.reason)
  signal?.addEventListener('abort', aborted)
  try {
    for await (const chunk of stream.raw.source) {
      yield chunk.subarray()
    }
    // The library ends its streams without an error when their connection ends.
    if (stream.connection.status !== 'open') {
      throw new Error('the connection was closed before the end of the stream')
    }
  } finally {
    signal?.removeEventListener('abort', aborted)
  }
}

/** Reads a stream as a plain user of js-libp2p does: no other way in this version. */
export const stockChunksOf = stream => chunksOf(stream)

/** Reads a stream to its end; more than `limit` bytes is an error. */
export async function readAll (stream, limit, signal) {
  const chunks = []
  let length = 0
  for await (const chunk of chunksOf(stream, signal)) {
    length += chunk.byteLength
    if (length > limit) {
      throw Object.assign(new Error(`expected at most ${limit} bytes, got more`), { reason: 'too-large' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Nothing to do: this version cuts what is written into frames of 64 KiB, and its sink waits. */
export function useStockWriters () {}

export const write = (stream, bytes, signal) => stream.write(bytes, signal)

/** Writes `size` bytes, given by `chunkAt(offset, length)`. */
export async function writeBytes (stream, size, chunkAt, signal) {
  for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
    await write(stream, chunkAt(offset, Math.min(CHUNK_BYTES, size - offset)), signal)
  }
}
