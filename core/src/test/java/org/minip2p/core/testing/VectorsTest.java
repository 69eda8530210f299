package org.minip2p.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class VectorsTest {
    @Test
    void readsObjectsListsTextsNumbersAndFlags() {
        Vectors peerIds = Vectors.load("peer-ids");
        Vectors first = peerIds.list("keys").get(0);

        assertThat(first.text("name")).isEqualTo("spec-ed25519");
        assertThat(first.number("type_number")).isEqualTo(1);
        assertThat(first.hex("public_key_protobuf")).hasSize(36);
        assertThat(peerIds.texts("sources")).contains("libp2p/specs peer-ids/peer-ids.md");
        assertThat(peerIds.list("ed25519_private_keys").get(0).flag("valid")).isTrue();
        assertThat(first.asMap().get("signatures")).isInstanceOf(List.class);
        assertThat(Vectors.load("multiaddr")
                        .object("protocol_codes")
                        .object("tcp")
                        .number("code"))
                .isEqualTo(6);
    }

    @Test
    void takesANullForAMissingField() {
        Vectors first = Vectors.load("multiaddr").list("decapsulate").get(0);

        assertThat(first.has("address")).isTrue();
        assertThat(first.has("result")).isFalse();
        assertThat(first.text("result", "none")).isEqualTo("none");
        assertThat(first.list("result")).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> first.text("result"));
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vectors.load("nothing"))
                .withMessageContaining("/vectors/nothing.json");
    }
}
