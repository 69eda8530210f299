package org.minip2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.minip2p.host.Hosts.await;
import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.minip2p.core.Libp2pException;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.PeerId;
import org.minip2p.core.PrivateKey;
import org.minip2p.core.ProtocolId;
import org.minip2p.noise.crypto.NoiseCrypto;
import org.minip2p.transport.IoBackend;

/** Calls every public method of the objects that a user has: with null for each parameter, and twice after the end. */
class BadArgumentsTest {
    private static final ProtocolId ECHO = new ProtocolId("/echo/1.0.0");
    private static final PrivateKey SOMEBODY = PrivateKey.generate(org.minip2p.core.KeyType.ED25519);

    private final Hosts hosts = new Hosts();
    private @Nullable Connection connection;

    @AfterEach
    void closeHosts() {
        hosts.close();
    }

    /** The objects on the user's side of a connection between two hosts. */
    private Map<Class<?>, Object> held() throws Exception {
        Host listener = hosts.listener();
        Host dialer = hosts.dialer();
        connection = await(dialer.dial(listener.addresses().get(0)));
        Map<Class<?>, Object> held = new LinkedHashMap<>();
        held.put(BlockingStream.class, BlockingStream.open(connection, ECHO));
        held.put(ProtocolStream.class, await(connection.openStream(ECHO, stream -> {})));
        held.put(KeptConnection.class, dialer.keepConnected(listener.peerId()));
        held.put(Connection.class, connection);
        held.put(AddressBook.class, dialer.addressBook());
        held.put(ProtocolContext.class, dialer.protocolContext());
        held.put(Host.class, dialer);
        return held;
    }

    @Test
    void nullIsRefusedAtOnce() throws Exception {
        Map<Class<?>, Object> held = held();
        held.put(HostBuilder.class, Host.builder());
        List<String> accepted = new ArrayList<>();
        int tried = 0;
        for (Map.Entry<Class<?>, Object> of : held.entrySet()) {
            for (Method method : methods(of.getKey())) {
                for (int place = 0; place < method.getParameterCount(); place++) {
                    Parameter parameter = method.getParameters()[place];
                    if (parameter.getType().isPrimitive()
                            || parameter.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                        continue;
                    }
                    tried++;
                    Object[] arguments = arguments(method);
                    arguments[place] = null;
                    String outcome = outcome(method, of.getValue(), arguments);
                    if (!outcome.equals(NullPointerException.class.getSimpleName())) {
                        accepted.add(name(method) + " with null for its parameter " + place + ": " + outcome);
                    }
                }
            }
        }

        assertThat(tried).isGreaterThan(70);
        assertThat(accepted).isEmpty();
    }

    @Test
    void afterTheEndEachMethodReturnsOrFailsWithATypeOfOursAndNothingWaits() throws Exception {
        Map<Class<?>, Object> held = held();
        await(((Host) Objects.requireNonNull(held.get(Host.class))).closeAsync());
        List<String> wrong = new ArrayList<>();
        for (int time = 1; time <= 2; time++) {
            for (Map.Entry<Class<?>, Object> of : held.entrySet()) {
                for (Method method : methods(of.getKey())) {
                    String outcome = outcome(method, of.getValue(), arguments(method));
                    if (!outcome.isEmpty()) {
                        wrong.add(name(method) + ", time " + time + ": " + outcome);
                    }
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass().getName().startsWith("org.minip2p"))
                .filter(method -> !method.isSynthetic())
                // Methods that end an object come last, so that the test calls the others first.
                .sorted(Comparator.comparing(
                                (Method method) -> method.getName().matches("(close|abort|reset|forget|start).*"))
                        .thenComparing(Method::getName))
                .toList();
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    /**
     * Returns an empty text if the method returns or fails as documented, at once or later. Otherwise returns what it
     * threw.
     */
    private static String outcome(Method method, Object target, @Nullable Object[] arguments) throws Exception {
        try {
            Object result = method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target, arguments);
            if (result instanceof CompletableFuture<?> future
                    && !method.getName().equals("closed")) {
                future.get(15, TimeUnit.SECONDS);
            }
            return "";
        } catch (InvocationTargetException | ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            boolean isOurs = cause instanceof Libp2pException
                    || cause instanceof IOException
                    || (cause instanceof RejectedExecutionException
                            && target instanceof Executor); // the failure that executors declare
            return isOurs ? "" : cause.getClass().getSimpleName();
        } catch (TimeoutException e) {
            return "nothing for 15 s";
        }
    }

    private Object[] arguments(Method method) {
        return Arrays.stream(method.getParameters()).map(this::argument).toArray();
    }

    private Object argument(Parameter parameter) {
        Class<?> type = parameter.getType();
        if (type == Connection.class) {
            return Objects.requireNonNull(connection);
        }
        if (type == List.class) {
            String of = parameter.getParameterizedType().getTypeName();
            return of.contains("ProtocolId")
                    ? List.of(ECHO)
                    : of.contains("Multiaddr") ? List.of(address()) : List.of();
        }
        return switch (type.getSimpleName()) {
            case "Multiaddr" ->
                parameter.getDeclaringExecutable().getName().matches("announce|listen")
                        ? Multiaddr.parse("/ip4/127.0.0.1/tcp/1")
                        : address();
            case "PeerId" -> PeerId.of(SOMEBODY.publicKey());
            case "PublicKey" -> SOMEBODY.publicKey();
            case "PrivateKey" -> SOMEBODY;
            case "ProtocolId" -> ECHO;
            case "PeerEnd" -> HALF_OPEN;
            case "String" -> address().toString();
            case "byte[]" -> new byte[64];
            case "Duration" -> Duration.ofSeconds(1);
            case "int" -> 1;
            case "long" -> 1L;
            case "DialOptions" -> DialOptions.toAnyPeer();
            case "StreamOptions" -> StreamOptions.defaults();
            case "HostConfig" -> HostConfig.defaults();
            case "StreamQuota" -> StreamQuota.ofOpen(1);
            case "StreamHandler" -> (StreamHandler) stream -> {};
            case "Listener" -> (KeptConnection.Listener) (kept, state) -> {};
            case "HostListener" -> (HostListener) (host, event) -> {};
            case "StreamFailureListener" -> (StreamFailureListener) (host, stream, cause) -> {};
            case "Executor" -> (Executor) Runnable::run;
            case "Runnable" -> (Runnable) () -> {};
            case "CompletableFuture" -> new CompletableFuture<Object>();
            case "Comparator" -> Comparator.comparingInt(PeerStanding::hashCode);
            case "Path" -> Path.of("addresses");
            case "NoiseCrypto" -> NoiseCrypto.bouncyCastle();
            case "IoBackend" -> IoBackend.named("nio");
            default -> other(type);
        };
    }

    /** Callbacks that these tests never call, and objects that are only stored. */
    private static Object other(Class<?> type) {
        if (type == EventLoopGroup.class || type.isInterface()) {
            return java.lang.reflect.Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        default -> null;
                    });
        }
        throw new AssertionError("no example of " + type);
    }

    private static Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/1/p2p/" + PeerId.of(SOMEBODY.publicKey()));
    }
}
