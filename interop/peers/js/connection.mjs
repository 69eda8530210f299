// What a connection is made of, and how js-libp2p 3 calls it.
import { yamux as libraryYamux } from '@libp2p/yamux'
export { noise } from '@libp2p/noise'

const READ_BUFFER_BYTES = 32 * 1024 * 1024 // above Yamux's largest window, 16 MiB: a paused stream is not reset

/** Yamux with these limits on streams, and no other; with its own without them. */
export const yamux = streams => libraryYamux(streams == null ? {} : { ...streams, streamOptions: { maxReadBufferLength: READ_BUFFER_BYTES } })
