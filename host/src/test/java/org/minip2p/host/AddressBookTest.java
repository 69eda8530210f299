package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.minip2p.host.Hosts.address;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.Hosts.awaitTrue;
import static org.minip2p.host.Hosts.failure;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.minip2p.core.KeyType;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.testing.Conforms;
import org.minip2p.core.testing.FreePort;
import org.minip2p.host.AddressBook.Known;
import org.minip2p.host.AddressBook.Source;

/** How a host uses its address book. */
class AddressBookTest {
    private final Hosts hosts = new Hosts();

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    @Test
    @Conforms("CON-41")
    void dialsWhereTheBookSaysAndRemembersWhereThatWorked() {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        client.addressBook().add(server.peerId(), Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        client.addressBook().add(server.peerId(), address(server));

        Connection connection = await(client.dial(server.peerId()));

        assertThat(connection.remotePeer()).isEqualTo(server.peerId());
        assertThat(client.addressBook().known(server.peerId()).get(0))
                .extracting(Known::address, Known::source)
                .containsExactly(address(server).withoutPeerId(), Source.DIALED);
        assertThat(await(client.dial(server.peerId()))).isSameAs(connection);
    }

    @Test
    void remembersWhatWasDialedAtAnAddressOfNobody() {
        Host server = hosts.listener();
        Host client = hosts.dialer();

        await(client.dial(address(server).withoutPeerId(), DialOptions.toAnyPeer()));

        assertThat(client.addressBook().addresses(server.peerId()))
                .containsExactly(address(server).withoutPeerId());
        assertThat(server.addressBook().peers()).isEmpty();
    }

    @Test
    void aDialThatFailsTeachesNothing() throws Exception {
        PeerId nobody = someone();
        Host client = hosts.dialer();
        Multiaddr closed = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + FreePort.find());

        assertThat(failure(client.dial(nobody, List.of(closed)))).isInstanceOf(DialFailedException.class);

        assertThat(client.addressBook().peers()).isEmpty();
    }

    @Test
    void saysWhenItKnowsNoAddress() {
        Host client = hosts.dialer();
        PeerId nobody = someone();

        assertThat(failure(client.dial(nobody)))
                .isInstanceOf(NoKnownAddressException.class)
                .hasMessageContaining(nobody.toString());
    }

    @Test
    void needsNoAddressWhenThereIsAConnection() throws Exception {
        Host server = hosts.listener();
        Host client = hosts.dialer();
        await(client.dial(address(server)));
        awaitTrue("connected", () -> server.connection(client.peerId()).isPresent());

        assertThat(await(server.dial(client.peerId())).remotePeer()).isEqualTo(client.peerId());
    }

    @Test
    void aPeerThatComesBackOnAnotherPortIsFoundThroughTheBook() throws Exception {
        PrivateKey key = PrivateKey.generate(KeyType.ED25519);
        Host first = hosts.start(Host.builder().identity(key).listen(Hosts.LOOPBACK));
        Host client = hosts.dialer();
        Multiaddr before = address(first);
        await(client.dial(before));
        await(first.closeAsync());
        awaitTrue("lost", () -> client.connections().isEmpty());

        Host second = hosts.start(Host.builder().identity(key).listen(Hosts.LOOPBACK));
        client.addressBook().identified(second.peerId(), second.addresses());

        assertThat(address(second)).isNotEqualTo(before);
        assertThat(await(client.dial(second.peerId())).remotePeer()).isEqualTo(second.peerId());
        assertThat(client.addressBook().addresses(second.peerId()))
                .startsWith(address(second).withoutPeerId());
    }

    @Test
    @Conforms("CON-41")
    void keepsItInAFileThatTheNextHostReads(@TempDir Path folder) {
        Path file = folder.resolve("book");
        Host server = hosts.listener();
        Host first = hosts.start(Host.builder().addressBookFile(file));
        await(first.dial(address(server)));
        await(first.closeAsync());
        assertThat(file)
                .content()
                .contains(server.peerId() + " " + address(server).withoutPeerId() + " dialed ");

        Host second = hosts.start(Host.builder().addressBookFile(file));

        assertThat(await(second.dial(server.peerId())).remotePeer()).isEqualTo(server.peerId());
    }

    @Test
    void doesNotStartWithAFileThatCannotBeRead(@TempDir Path folder) throws Exception {
        CompletableFuture<Host> started =
                Host.builder().addressBookFile(folder.resolve("none/book")).start();

        assertThat(failure(started)).isInstanceOf(NotDirectoryException.class);
        Files.createFile(folder.resolve("none"));
        assertThat(failure(Host.builder()
                        .addressBookFile(folder.resolve("none/book"))
                        .start()))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void aBookThatThrowsKnowsNothingAndDoesNoOtherHarm() {
        AddressBook broken = book((method) -> {
            throw new NoClassDefFoundError(method);
        });
        Host server = hosts.listener();
        Host client = hosts.start(Host.builder().addressBook(broken));

        await(client.dial(address(server)));

        assertThat(client.addressBook()).isSameAs(broken);
        assertThat(failure(client.dial(someone()))).isInstanceOf(NoKnownAddressException.class);
        await(client.closeAsync());
    }

    @Test
    void aBookWhoseFlushNeverReturnsKeepsNoHostFromClosing() {
        CountDownLatch stuck = new CountDownLatch(1);
        AddressBook slow = book(method -> {
            if (method.equals("flush")) {
                stuck.await();
            }
            return List.of();
        });
        Host client = hosts.start(Host.builder().addressBook(slow));

        await(client.closeAsync());

        stuck.countDown();
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesNullAndAClosedHost() {
        Host client = hosts.dialer();
        assertThatThrownBy(() -> client.dial((PeerId) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().addressBook(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Host.builder().addressBookFile(null)).isInstanceOf(NullPointerException.class);

        await(client.closeAsync());

        assertThat(failure(client.dial(someone()))).isInstanceOf(HostClosedException.class);
        assertThat(client.addressBook().peers()).isEmpty();
    }

    private interface Answer {
        Object to(String method) throws Exception;
    }

    /** An application's address book that gives the same kind of answer to every call. */
    private static AddressBook book(Answer answer) {
        return (AddressBook) Proxy.newProxyInstance(
                AddressBookTest.class.getClassLoader(),
                new Class<?>[] {AddressBook.class},
                (self, method, arguments) -> {
                    Object answered = answer.to(method.getName());
                    return method.getReturnType().isInstance(answered) ? answered : null;
                });
    }

    private static PeerId someone() {
        return PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    }
}
