package org.minip2p.host.recording;

import java.net.SocketAddress;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;
import org.minip2p.core.Role;
import org.minip2p.host.HostObservation;
import org.minip2p.host.HostObservation.SocketFailed;
import org.minip2p.host.HostObservation.StagePassed;

/** One stage of the upgrade of a socket. */
@Name("org.minip2p.UpgradeStage")
@Label("Upgrade Stage")
@Category("minip2p")
@Description("A stage of a socket that is becoming a connection; if the socket fails, its last stage has a fault")
@StackTrace(false)
final class StageEvent extends Event implements Recorder.Stage {
    @Label("Direction")
    String direction = "";

    @Label("Stage")
    String stage = "";

    @Label("Remote Address")
    String remoteAddress = "";

    @Label("Fault")
    @Description("Empty when the socket continued with the next stage")
    String fault = "";

    @Label("Error")
    String error = "";

    @Override
    public void passed(StagePassed passed, @Nullable SocketAddress remote) {
        end();
        if (shouldCommit()) {
            commit(passed.role(), passed.stage(), remote);
        }
    }

    @Override
    public void failed(SocketFailed socket, @Nullable SocketAddress remote, Throwable cause) {
        end();
        if (shouldCommit()) {
            fault = EventText.word(socket.fault());
            error = EventText.error(cause);
            commit(socket.role(), socket.stage(), remote);
        }
    }

    private void commit(Role role, HostObservation.Stage left, @Nullable SocketAddress remote) {
        direction = EventText.direction(role);
        stage = EventText.word(left);
        remoteAddress = EventText.address(remote);
        commit();
    }
}
