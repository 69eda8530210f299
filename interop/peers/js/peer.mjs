// A js-libp2p peer for the interoperability tests; its command line is described in ../README.md.
import './polyfill.mjs'
import { dial } from './dial.mjs'
import { listen, takeCommands } from './listen.mjs'
import { createNode, privateKeyFrom } from './node.mjs'
import { optionsOf, parseOptions } from './options.mjs'
import { useStockWriters } from './streams.mjs'
import { listenForWork, work } from './work.mjs'

const STOP_MILLIS = 2_000
const REASONS = { StreamResetError: 'reset', TimeoutError: 'timeout', UnsupportedProtocolError: 'unsupported-protocol' }

const print = object => process.stdout.write(JSON.stringify(object) + '\n')

async function main () {
  const options = parseOptions(process.argv.slice(2))
  if (options.stockWriters) {
    useStockWriters()
  }
  if (options.isWork) {
    return runWork(options)
  }
  const nodes = []
  const stop = async () => {
    setTimeout(() => process.exit(), STOP_MILLIS)
    await Promise.all(nodes.map(node => node.stop()))
    process.exit()
  }
  process.on('SIGTERM', stop)

  for (let i = 0; i < options.identities; i++) {
    const privateKey = await privateKeyFrom(options)
    const node = await createNode(options, privateKey)
    nodes.push(node)
    if (options.command === 'listen') {
      await listen(node, optionsOf(options, i), privateKey, print)
    } else {
      await printResult(options, signal => dial(node, options, privateKey, signal))
      return stop()
    }
  }
  await takeCommands(nodes, options, print)
  return stop()
}

async function runWork (options) {
  process.on('SIGTERM', () => process.exit())
  if (options.command === 'listen') {
    await listenForWork(options, print)
  } else {
    await printResult(options, signal => work(options, signal))
  }
  process.exit()
}

async function printResult (options, operation) {
  const signal = AbortSignal.timeout(options.timeoutSeconds * 1000)
  try {
    print(await operation(signal))
  } catch (error) {
    fail(signal.aborted ? Object.assign(new Error(`no result within ${options.timeoutSeconds} s`), { reason: 'timeout' }) : error)
  }
}

function fail (error) {
  const causes = error.errors?.map(cause => cause.message).join('; ')
  const reason = error.reason ?? REASONS[error.name]
  print({ ok: false, ...(reason == null ? {} : { reason }), ...error.details, error: causes ?? error.message })
  process.exitCode = 1
}

main().catch(error => {
  fail(error)
  process.exit(1)
})
