// The command line that all peers share; see ../README.md.

const WORK_KINDS = ['streams', 'streams-64', 'connections', 'ping-pong', 'bulk']

export function parseOptions (args) {
  const options = {
    command: args[0],
    listen: [],
    dialOnStart: [],
    keyType: 'ed25519',
    key: null,
    networkId: '0x00000502',
    subnets: '0'.repeat(32),
    earlyMuxer: true,
    stockLimits: false,
    stockReaders: false,
    stockWriters: false,
    wrongSigner: false,
    identities: 1,
    fork: null,
    pad: 0,
    size: 1024,
    count: 1,
    streams: 1,
    upload: 0,
    download: 0,
    seconds: null,
    kind: null,
    warmUpSeconds: 5,
    rounds: 5,
    timeoutSeconds: 30
  }
  let i = 1
  if (options.command === 'dial') {
    options.target = args[i++]
    options.operation = args[i++]
    if (options.operation == null) {
      throw new Error('dial needs a MULTIADDR and an operation')
    }
  } else if (options.command === 'work') {
    options.operation = 'work'
  } else if (options.command !== 'listen') {
    throw new Error(`expected listen, dial or work, got ${options.command}`)
  }
  const text = name => {
    if (i >= args.length) {
      throw new Error(`${name} needs a value`)
    }
    return args[i++]
  }
  const number = name => {
    const value = Number(text(name))
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new Error(`${name} needs a whole number`)
    }
    return value
  }
  const fork = { at: null, networkId: null, windowMillis: 0, skewsMillis: [0] }
  while (i < args.length) {
    const name = args[i++]
    switch (name) {
      case '--listen': options.listen.push(text(name)); break
      case '--dial': options.dialOnStart.push(text(name)); break
      case '--key-type': options.keyType = text(name); break
      case '--key': options.key = text(name); break
      case '--network-id': options.networkId = text(name); break
      case '--identities': options.identities = number(name); break
      case '--fork-network-id': fork.networkId = text(name); break
      case '--fork-at': fork.at = number(name); break
      case '--window': fork.windowMillis = number(name); break
      case '--skew': fork.skewsMillis = skews(name, text(name)); break
      case '--subnets': options.subnets = text(name); break
      case '--no-early-muxer': options.earlyMuxer = false; break
      case '--stock-limits': options.stockLimits = true; break
      case '--stock-readers': options.stockReaders = true; break
      case '--stock-writers': options.stockWriters = true; break
      case '--wrong-signer': options.wrongSigner = true; break
      case '--pad': options.pad = number(name); break
      case '--size': options.size = number(name); break
      case '--count': options.count = number(name); break
      case '--streams': options.streams = number(name); break
      case '--upload': options.upload = number(name); break
      case '--download': options.download = number(name); break
      case '--seconds': options.seconds = number(name); break
      case '--kind': options.kind = text(name); break
      case '--warm-up': options.warmUpSeconds = number(name); break
      case '--rounds': options.rounds = number(name); break
      case '--timeout': options.timeoutSeconds = number(name); break
      default: throw new Error(`unknown option ${name}`)
    }
  }
  options.isWork = options.operation === 'work' || (options.command === 'listen' && options.kind != null)
  options.seconds ??= options.isWork ? 2 : 40
  if (options.isWork) {
    checkWork(options)
  }
  if ((fork.at == null) !== (fork.networkId == null)) {
    throw new Error('--fork-at and --fork-network-id belong together')
  }
  if (fork.at != null) {
    options.fork = fork
  }
  if (options.identities < 1 || (options.identities > 1 && (options.command !== 'listen' || options.key != null))) {
    throw new Error('several identities are for listen without a key file')
  }
  if (options.listen.length === 0) {
    options.listen.push('/ip4/127.0.0.1/tcp/0')
  }
  return options
}

function checkWork (options) {
  if (!WORK_KINDS.includes(options.kind)) {
    const error = new Error(`unknown kind "${options.kind ?? ''}", expected one of ${WORK_KINDS.join(', ')}`)
    throw Object.assign(error, { reason: 'unknown-kind' })
  }
  if (options.rounds < 1 || options.seconds < 1) {
    throw new Error('--rounds and --seconds are at least 1, --warm-up is at least 0')
  }
}

function skews (name, text) {
  const values = text.split(',').map(Number)
  if (!values.every(Number.isSafeInteger)) {
    throw new Error(`${name} needs whole numbers`)
  }
  return values
}

/** The options of the identity with this number: its clock is its own. */
export function optionsOf (options, number) {
  const { fork } = options
  return fork == null ? options : { ...options, fork: { ...fork, skewsMillis: [fork.skewsMillis[number % fork.skewsMillis.length]] } }
}
