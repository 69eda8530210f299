package org.minip2p.protocols;

import java.time.Duration;

/**
 * The result of a perf exchange. The two times together last from the opening of the stream to its end (PRF-13). The first sign of the
 * answer separates them. The server sends it after it has read the whole upload, so bytes in flight do not count as uploaded.
 *
 * @param uploadBytes the bytes sent
 * @param uploadTime from the opening of the stream to the first byte, or the end, of the answer
 * @param downloadBytes the bytes received, unsigned
 * @param downloadTime from there to the end of the stream
 */
public record PerfResult(long uploadBytes, Duration uploadTime, long downloadBytes, Duration downloadTime) {}
