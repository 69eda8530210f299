package org.minip2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.minip2p.core.KeyType;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.Role;
import org.minip2p.core.testing.Conforms;
import org.minip2p.noise.crypto.KeyPair;

class NoiseIdentityTest {
    private final PrivateKey key = PrivateKey.generate(KeyType.ED25519);

    // SEC-30
    @Conforms({"NOI-15", "NOI-17"})
    @Test
    void everyHostAndEveryStartHasAStaticKeyOfItsOwn() {
        NoiseIdentity first = NoiseIdentity.create(key, NoiseConfig.defaults());
        NoiseIdentity restarted = NoiseIdentity.create(key, NoiseConfig.defaults());

        assertThat(first.staticKey().publicKey())
                .isNotEqualTo(restarted.staticKey().publicKey());
        assertThat(first.staticKey().publicKey()).isNotEqualTo(key.publicKey().data());
        assertThat(first.peer()).isEqualTo(restarted.peer()).isEqualTo(PeerId.of(key.publicKey()));
    }

    @Test
    void closingWipesTheStaticKeyAndStartsNoHandshake() {
        KeyPair staticKey = TestKeys.staticKey();
        byte[] signature = key.sign(TestKeys.signedBytes(staticKey));
        NoiseIdentity identity = TestKeys.forged(key.publicKey(), signature, staticKey);

        identity.close();

        assertThat(staticKey.privateKey()).isEqualTo(new byte[32]);
        assertThatThrownBy(() -> new NoiseHandshake(identity, Role.INITIATOR, null))
                .isInstanceOf(IllegalStateException.class);
    }
}
