package org.minip2p.host.recording;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostObservation;

/**
 * Begins Flight Recorder events. Each method returns the started event, or null, without an allocation, when that event is not being
 * recorded. Thread-safe.
 *
 * <p>This type does not use {@code jdk.jfr}, a module that a runtime image may lack: {@link JfrRecorder} does, and is loaded only if the
 * module exists.
 */
public interface Recorder {
    /** A dial that is recorded. */
    interface Dial {
        /**
         * It has ended.
         *
         * @param dial the result
         * @param peer the dialed peer; null for any peer
         * @param cause why it failed, if it did and the reason is known
         */
        void ended(HostObservation.DialEnded dial, @Nullable PeerId peer, @Nullable Throwable cause);
    }

    /** A socket in one stage of its upgrade. */
    interface Stage {
        /** It continues with the next stage. */
        void passed(HostObservation.StagePassed stage, @Nullable SocketAddress remote);

        /** It does not become a connection. */
        void failed(HostObservation.SocketFailed socket, @Nullable SocketAddress remote, Throwable cause);
    }

    /** A connection that is recorded. */
    interface Connection {
        /**
         * It has ended.
         *
         * @param connection the result
         * @param id the host's number for it
         * @param peer the peer at the other end
         * @param remote its address
         * @param cause the error; null without one
         */
        void ended(
                HostObservation.ConnectionClosed connection,
                long id,
                PeerId peer,
                @Nullable SocketAddress remote,
                @Nullable Throwable cause);
    }

    /** A stream that is recorded. */
    interface Stream {
        /** It had a protocol, and has ended. */
        void ended(HostObservation.StreamClosed stream, long connection, long id);

        /** It has ended before it had a protocol. */
        void failed(HostObservation.StreamFailed stream, long connection, long id, long bytesRead, long bytesWritten);
    }

    /** A dial begins. */
    @Nullable Dial dial();

    /** A socket enters a stage. */
    @Nullable Stage stage();

    /** The host has admitted a connection. */
    @Nullable Connection connection();

    /** A stream begins. */
    @Nullable Stream stream();

    /** Whether a recording would include a socket that begins now. */
    boolean isRecordingSockets();

    /** The recorder of the JVM, or one that never records if the JVM has none. */
    static Recorder ofJvm() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new JfrRecorder() : NoRecorder.INSTANCE;
    }
}
