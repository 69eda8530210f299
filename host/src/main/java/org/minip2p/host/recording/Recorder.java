package org.minip2p.host.recording;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostObservation;

/**
 * Begins events of the flight recorder. Each method returns null when nobody records that event at this moment, without making an object;
 * what is returned is the event, whose time counts from then. Thread-safe.
 *
 * <p>This type knows nothing of {@code jdk.jfr}, a module that a runtime image may lack: {@link JfrRecorder} does, and is loaded where the
 * module is.
 */
public interface Recorder {
    /** A dial that is recorded. */
    interface Dial {
        /**
         * It has ended.
         *
         * @param dial how
         * @param peer who was dialed; null for whoever was there
         * @param cause why it failed, if it did and that is known
         */
        void ended(HostObservation.DialEnded dial, @Nullable PeerId peer, @Nullable Throwable cause);
    }

    /** A socket in one stage of its upgrade. */
    interface Stage {
        /** It goes on to the next one. */
        void passed(HostObservation.StagePassed stage, @Nullable SocketAddress remote);

        /** It does not become a connection. */
        void failed(HostObservation.SocketFailed socket, @Nullable SocketAddress remote, Throwable cause);
    }

    /** A connection that is recorded. */
    interface Connection {
        /**
         * It has ended.
         *
         * @param connection how
         * @param id the host's number for it
         * @param peer who was at the other end
         * @param remote where
         * @param cause what broke it; null when nothing did
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

    /** The host has let a connection in. */
    @Nullable Connection connection();

    /** A stream begins. */
    @Nullable Stream stream();

    /** Whether anything is recorded of a socket that begins now. */
    boolean isRecordingSockets();

    /** That of the JVM; one that never records where it has none. */
    static Recorder ofJvm() {
        return ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? new JfrRecorder() : NoRecorder.INSTANCE;
    }
}
