// Reading and writing whole streams with back-pressure, on top of js-libp2p's event based streams.

const QUEUE_HIGH_BYTES = 1024 * 1024
const QUEUE_LOW_BYTES = 256 * 1024
export const CHUNK_BYTES = 64 * 1024
export const STOCK_PIECE_BYTES = 16 * 1024 * 1024

/**
 * Reads a stream until its writer has closed it; throws when it is reset or its connection ends before.
 *
 * A plain `for await (… of stream)` misses an end of stream that came before the loop began, and bytes that share a frame with it. This
 * reader does not. While its user is slow it pauses the stream, so that no window is granted.
 */
export async function * chunksOf (stream, signal) {
  const queue = []
  let queuedBytes = 0
  let ended = stream.remoteWriteStatus === 'closed'
  let failure = null
  let wake = () => {}

  const listeners = {
    message: event => {
      queue.push(event.data.subarray())
      queuedBytes += event.data.byteLength
      if (queuedBytes > QUEUE_HIGH_BYTES && stream.readStatus === 'readable') {
        stream.pause()
      }
      wake()
    },
    remoteCloseWrite: () => {
      ended = true
      wake()
    },
    close: event => {
      if (event.error != null) {
        failure = event.error
      } else if (!ended) {
        failure = new Error('the connection was closed before the end of the stream')
      }
      wake()
    }
  }
  const aborted = () => {
    failure = signal.reason
    wake()
  }
  for (const [name, listener] of Object.entries(listeners)) {
    stream.addEventListener(name, listener)
  }
  signal?.addEventListener('abort', aborted)

  try {
    while (true) {
      if (queue.length > 0) {
        const chunk = queue.shift()
        queuedBytes -= chunk.byteLength
        yield chunk
      } else if (failure != null) {
        throw failure
      } else if (signal?.aborted) {
        throw signal.reason
      } else if (ended && stream.readBufferLength === 0) {
        return
      } else {
        if (stream.readStatus === 'paused' && queuedBytes <= QUEUE_LOW_BYTES) {
          stream.resume()
        }
        if (queue.length === 0 && failure == null && !(ended && stream.readBufferLength === 0)) {
          await new Promise(resolve => { wake = resolve })
        }
      }
    }
  } finally {
    for (const [name, listener] of Object.entries(listeners)) {
      stream.removeEventListener(name, listener)
    }
    signal?.removeEventListener('abort', aborted)
  }
}

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

/** Reads a stream as a plain user of js-libp2p does. */
export async function * stockChunksOf (stream) {
  for await (const chunk of stream) {
    yield chunk.subarray()
  }
}

export const openStream = (connection, protocol, options) => connection.newStream(protocol, options)

/** Calls the handler with each stream for the protocol, and its connection. */
export const handle = (node, protocol, handler, options) => node.handle(protocol, handler, options)

let stockWriters = false

/** From now on writes go out as they are, and wait as js-libp2p offers to. */
export function useStockWriters () {
  stockWriters = true
}

/**
 * Writes bytes and waits while the stream cannot take more.
 *
 * `stream.onDrain()` waits only once in the life of a stream (its promise is not renewed); with it, or with one large write, what waits
 * leaves in frames as large as the window. rust-libp2p refuses those above 1 MiB. So we write in pieces and wait for the event.
 */
export async function write (stream, bytes, signal) {
  if (stockWriters) {
    if (!stream.send(bytes)) {
      await stream.onDrain({ signal })
    }
    return
  }
  for (let offset = 0; offset < bytes.length; offset += CHUNK_BYTES) {
    stream.send(bytes.subarray(offset, offset + CHUNK_BYTES))
    while (stream.writableNeedsDrain) {
      await drained(stream, signal)
    }
  }
}

function drained (stream, signal) {
  return new Promise((resolve, reject) => {
    const done = (settle, value) => {
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
      signal?.removeEventListener('abort', onAbort)
      settle(value)
    }
    const onDrain = () => done(resolve)
    const onClose = event => done(reject, event.error ?? new Error('the stream was closed while it was written to'))
    const onAbort = () => done(reject, signal.reason)
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
    signal?.addEventListener('abort', onAbort)
  })
}

/** Writes `size` bytes, given by `chunkAt(offset, length)`. */
export async function writeBytes (stream, size, chunkAt, signal) {
  const pieceBytes = stockWriters ? STOCK_PIECE_BYTES : CHUNK_BYTES
  for (let offset = 0; offset < size; offset += pieceBytes) {
    await write(stream, chunkAt(offset, Math.min(pieceBytes, size - offset)), signal)
  }
}
