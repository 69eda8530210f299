// What a connection is made of, and how js-libp2p 2 calls it.
import { yamux as libraryYamux } from '@chainsafe/libp2p-yamux'
export { noise } from '@chainsafe/libp2p-noise'

/** Yamux with these limits on streams; with its own without them. */
export const yamux = streams => libraryYamux(streams ?? {})
