// The parts of /perf/1.0.0 that its server, its client and the work of the benchmarks share.
import { STOCK_PIECE_BYTES, writeBytes } from './streams.mjs'

/** Reads how much is to be sent back, and to the end; then sends it. */
export async function servePerf (stream, chunks) {
  const header = Buffer.alloc(8)
  let length = 0
  for await (const chunk of chunks) {
    if (length < 8) {
      Buffer.from(chunk).copy(header, length)
    }
    length += chunk.byteLength
  }
  if (length < 8) {
    throw new Error(`expected 8 bytes before the end of the stream, got ${length}`)
  }
  await writeZeros(stream, Number(header.readBigUInt64BE()))
  await stream.close()
}

export function writeZeros (stream, bytes, signal) {
  const zeros = Buffer.alloc(STOCK_PIECE_BYTES)
  return writeBytes(stream, bytes, (_, size) => zeros.subarray(0, size), signal)
}
