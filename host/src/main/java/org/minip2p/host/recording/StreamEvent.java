package org.minip2p.host.recording;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.minip2p.core.Printable;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation.StreamClosed;
import org.minip2p.host.HostObservation.StreamFailed;

/** One stream. Off unless the recording enables it: a host may have a hundred thousand streams a second. */
@Name("org.minip2p.Stream")
@Label("Stream")
@Category("minip2p")
@Description("A stream, from its start to its end")
@Enabled(false)
@StackTrace(false)
final class StreamEvent extends Event implements Recorder.Stream {
    @Label("Connection Id")
    long connectionId;

    @Label("Stream Id")
    long streamId;

    @Label("Direction")
    String direction = "";

    @Label("Protocol")
    @Description("Empty when none was agreed on")
    String protocol = "";

    @Label("End")
    String end = "";

    @Label("Reset Code")
    @Description("The code of the peer's reset; 0 for none")
    long resetCode;

    @Label("Bytes Read")
    @DataAmount
    long bytesRead;

    @Label("Bytes Written")
    @DataAmount
    long bytesWritten;

    @Override
    public void ended(StreamClosed stream, long connection, long id) {
        end();
        if (shouldCommit()) {
            protocol = Printable.of(stream.protocol());
            end = EventText.word(stream.end());
            resetCode = stream.resetCode();
            commit(stream.role(), connection, id, stream.bytesRead(), stream.bytesWritten());
        }
    }

    @Override
    public void failed(StreamFailed stream, long connection, long id, long read, long written) {
        end();
        if (shouldCommit()) {
            end = EventText.word(stream.fault());
            commit(stream.role(), connection, id, read, written);
        }
    }

    private void commit(Role role, long connection, long id, long read, long written) {
        connectionId = connection;
        streamId = id;
        direction = EventText.direction(role);
        bytesRead = read;
        bytesWritten = written;
        commit();
    }
}
