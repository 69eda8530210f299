package org.minip2p.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.minip2p.core.testing.Conforms;

class SendWindowTest {
    @Test
    @Conforms("YMX-40")
    void startsWith256KiBWhateverTheSettings() {
        assertThat(new SendWindow().available()).isEqualTo(262_144);
    }

    @Test
    @Conforms({"YMX-41", "YMX-44"})
    void isUsedUpByBodiesAndRaisedByUpdates() throws YamuxException {
        SendWindow window = new SendWindow();

        window.take(262_144);
        assertThat(window.available()).isZero();
        window.add(0);
        assertThat(window.available()).isZero();
        window.add(131_072);

        assertThat(window.available()).isEqualTo(131_072);
        assertThatThrownBy(() -> window.take(131_073)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Conforms("YMX-45")
    void neverWraps() throws YamuxException {
        SendWindow window = new SendWindow();
        window.add(0xffff_ffffL - 262_144);

        assertThat(window.available()).isEqualTo(0xffff_ffffL);
        assertThatThrownBy(() -> window.add(1)).isInstanceOf(YamuxException.class);
        assertThatThrownBy(() -> window.add(0xffff_ffffL)).isInstanceOf(YamuxException.class);
        assertThat(window.available()).isEqualTo(0xffff_ffffL);
    }
}
