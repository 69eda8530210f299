// Node 20 has no Promise.withResolvers, which js-libp2p uses. Imported first, so that it is there before any other module runs.
Promise.withResolvers ??= function () {
  let resolve
  let reject
  const promise = new Promise((res, rej) => {
    resolve = res
    reject = rej
  })
  return { promise, resolve, reject }
}
