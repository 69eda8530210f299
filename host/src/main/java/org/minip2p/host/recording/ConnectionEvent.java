package org.minip2p.host.recording;

import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.PeerId;
import org.minip2p.host.HostObservation.ConnectionClosed;
import org.minip2p.host.HostObservation.ConnectionKind;

/** One connection. */
@Name("org.minip2p.Connection")
@Label("Connection")
@Category("minip2p")
@Description("A connection, from its admission to its end")
@StackTrace(false)
final class ConnectionEvent extends Event implements Recorder.Connection {
    @Label("Connection Id")
    long connectionId;

    @Label("Direction")
    String direction = "";

    @Label("Peer")
    String peer = "";

    @Label("Remote Address")
    String remoteAddress = "";

    @Label("Security")
    String security = "";

    @Label("Muxer")
    String muxer = "";

    @Label("Early Muxer")
    @Description("Whether the security handshake agreed on the muxer")
    boolean earlyMuxer;

    @Label("Reason")
    String reason = "";

    @Label("Error")
    String error = "";

    @Label("Bytes Read")
    @DataAmount
    long bytesRead;

    @Label("Bytes Written")
    @DataAmount
    long bytesWritten;

    @Override
    public void ended(
            ConnectionClosed connection,
            long id,
            PeerId remotePeer,
            @Nullable SocketAddress remote,
            @Nullable Throwable cause) {
        end();
        if (shouldCommit()) {
            ConnectionKind kind = connection.kind();
            connectionId = id;
            direction = EventText.direction(kind.role());
            peer = remotePeer.toString();
            remoteAddress = EventText.address(remote);
            security = kind.security();
            muxer = kind.muxer();
            earlyMuxer = kind.earlyMuxer();
            reason = EventText.word(connection.reason());
            error = EventText.error(cause);
            bytesRead = connection.bytesRead();
            bytesWritten = connection.bytesWritten();
            commit();
        }
    }
}
