package org.minip2p.protocols;

import java.time.Duration;

/**
 * What a perf exchange measured. The two times together last from the opening of the stream to its end (PRF-13). The border between them
 * is the first sign of the answer, which the server gives when it has read all of the upload: so no bytes on their way count as uploaded.
 *
 * @param uploadBytes how many were sent
 * @param uploadTime from the opening of the stream to the first byte, or the end, of the answer
 * @param downloadBytes how many came back, unsigned
 * @param downloadTime from there to the end of the stream
 */
public record PerfResult(long uploadBytes, Duration uploadTime, long downloadBytes, Duration downloadTime) {}
