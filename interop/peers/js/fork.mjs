// A change of the network at an instant, on a clock of our own.

function sinceFork ({ fork }) {
  return Date.now() + fork.skewsMillis[0] - fork.at
}

/** The network that we say now. */
export function ownNetwork (options) {
  return options.fork != null && sinceFork(options) >= 0 ? options.fork.networkId : options.networkId
}

/** The networks that we accept now: our own, and the other one, too, inside a fork's window. */
export function acceptedNetworks (options) {
  const { fork, networkId } = options
  if (fork != null) {
    const since = sinceFork(options)
    if (since >= -fork.windowMillis && since < fork.windowMillis) {
      return [networkId, fork.networkId]
    }
  }
  return [ownNetwork(options)]
}
