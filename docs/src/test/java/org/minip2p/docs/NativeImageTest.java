package org.minip2p.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Compares the reflection entries that the libraries declare for GraalVM's native image with the classes. Each entry
 * names something that exists. Each field updater and each generated message has an entry. Each other call that finds
 * classes, members, services or resources by name has an entry, or a reason why it needs none. This test builds no
 * native image.
 */
class NativeImageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern UPDATER =
            Pattern.compile("newUpdater\\((\\w+)\\.class, (?:\\w+\\.class, )?\"(\\w+)\"\\)");

    private static final String CLASSES = "/target/classes/";
    private static final String CLASS_OF_A_LIBRARY =
            "\\.\\./(?!attacks|benchmarks|cli|examples|interop|simulation)[\\w-]+/target/classes/org/.*\\.class";

    /** Methods that a native image must be told about, unless it sees from the arguments what they find. */
    private static final String REFLECTIVE = "java/lang/Class[.](forName|newInstance|getResource.*|getRecordComponents"
            + "|get(Declared)?(Method|Constructor|Field|Class)(s|es)?)"
            + "|java/lang/(ClassLoader|Module)[.](loadClass|findClass|defineClass|(find|get)Resource.*|resources)"
            + "|java/lang/reflect/(Method[.]invoke|Constructor[.]newInstance|Proxy[.].*|Array[.]newInstance|Field[.][gs]et.*"
            + "|.*[.]setAccessible)"
            + "|java/lang/invoke/(MethodHandles|MethodHandles[$]Lookup|MethodHandleProxies)[.].*"
            + "|java/util/(ServiceLoader|ResourceBundle)[.].*"
            + "|java/io/Object(In|Out)putStream[.]<init>"
            + "|(java/security|javax/crypto)/.*[.]getInstance"
            + "|java/security/Security[.].*"
            + "|io/netty/channel/ReflectiveChannelFactory[.]<init>";

    private static final String OF_AN_ARRAY = "a view of an array, which names no class or member";
    private static final String OF_THE_JDK = "native images include the algorithms of the JDK's providers";
    private static final String OF_CONSCRYPT =
            "Conscrypt must describe its own algorithms; if it cannot be loaded, the JDK or Bouncy Castle is used";

    /** Calls, and the types that have an entry because of them. */
    private static final Map<String, List<String>> ENTRIES = Map.of(
            "Conscrypt calls Class.forName", List.of("org.conscrypt.Conscrypt"),
            "Conscrypt calls Class.getMethod", List.of("org.conscrypt.Conscrypt"),
            "Conscrypt calls Method.invoke", List.of("org.conscrypt.Conscrypt"),
            "DnsaddrResolver$Jar calls Class.forName",
                    List.of("io.netty.resolver.dns.DnsNameResolver", "io.netty.handler.codec.dns.DnsQuestion"),
            "ServerSockets calls Class.getConstructor", List.of("io.netty.channel.epoll.EpollServerSocketChannel"),
            "ServerSockets calls Constructor.newInstance", List.of("io.netty.channel.epoll.EpollServerSocketChannel"),
            "ServerSockets calls ReflectiveChannelFactory.<init>",
                    List.of(
                            "io.netty.channel.socket.nio.NioServerSocketChannel",
                            "io.netty.channel.epoll.EpollServerSocketChannel",
                            "io.netty.channel.kqueue.KQueueServerSocketChannel",
                            "io.netty.channel.uring.IoUringServerSocketChannel"),
            "TcpTransport calls ReflectiveChannelFactory.<init>",
                    List.of(
                            "io.netty.channel.socket.nio.NioSocketChannel",
                            "io.netty.channel.epoll.EpollSocketChannel",
                            "io.netty.channel.kqueue.KQueueSocketChannel",
                            "io.netty.channel.uring.IoUringSocketChannel"));

    /** Calls without an entry, and why they need none. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("BouncyCastleAead calls MethodHandles.byteArrayViewVarHandle", OF_AN_ARRAY),
            Map.entry("JceCiphers$LentNonce calls MethodHandles.byteArrayViewVarHandle", OF_AN_ARRAY),
            Map.entry("Hkdf calls MessageDigest.getInstance", OF_THE_JDK),
            Map.entry("NodeInfo calls MessageDigest.getInstance", OF_THE_JDK),
            Map.entry("RsaKey calls KeyFactory.getInstance", OF_THE_JDK),
            Map.entry("RsaKey calls KeyPairGenerator.getInstance", OF_THE_JDK),
            Map.entry("RsaKey calls Signature.getInstance", OF_THE_JDK),
            Map.entry("Sha256 calls MessageDigest.getInstance", OF_THE_JDK),
            Map.entry("JceCiphers calls Cipher.getInstance", OF_THE_JDK + "; " + OF_CONSCRYPT),
            Map.entry("ConscryptEd25519 calls KeyFactory.getInstance", OF_CONSCRYPT),
            Map.entry("ConscryptEd25519 calls Signature.getInstance", OF_CONSCRYPT),
            Map.entry("ConscryptX25519 calls KeyAgreement.getInstance", OF_CONSCRYPT),
            Map.entry("ConscryptX25519 calls KeyFactory.getInstance", OF_CONSCRYPT),
            Map.entry("ConscryptX25519 calls KeyPairGenerator.getInstance", OF_CONSCRYPT));

    @Test
    void eachEntryNamesWhatExists() throws Exception {
        List<Map<String, Object>> entries = entries();
        assertThat(entries).hasSizeGreaterThan(20);
        for (Map<String, Object> entry : entries) {
            Class<?> type = Class.forName(text(entry, "type"), false, getClass().getClassLoader());
            for (Map<String, Object> field : list(entry.get("fields"))) {
                assertThat(type.getDeclaredField(text(field, "name"))).isNotNull();
            }
            for (Map<String, Object> method : list(entry.get("methods"))) {
                List<Class<?>> parameters = new ArrayList<>();
                for (Object parameter : (List<?>) Objects.requireNonNull(method.get("parameterTypes"))) {
                    parameters.add(Class.forName((String) parameter));
                }
                Class<?>[] types = parameters.toArray(Class<?>[]::new);
                String name = text(method, "name");
                assertThat(name.equals("<init>") ? type.getConstructor(types) : type.getMethod(name, types))
                        .isNotNull();
            }
            if (entry.get("condition") instanceof Map<?, ?> condition) {
                String reached = (String) Objects.requireNonNull(condition.get("typeReached"));
                assertThat(Class.forName(reached, false, getClass().getClassLoader()))
                        .isNotNull();
            }
        }
    }

    @Test
    void eachFieldUpdaterAndEachMessageHasAnEntry() throws IOException {
        Set<String> described = new TreeSet<>();
        for (Map<String, Object> entry : entries()) {
            String type = text(entry, "type");
            described.add(type);
            list(entry.get("fields")).forEach(field -> described.add(simple(type) + "." + text(field, "name")));
        }
        Set<String> wanted = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(NativeImageTest::isOfALibrary).toList()) {
                Matcher updaters = UPDATER.matcher(Files.readString(file));
                while (updaters.find()) {
                    wanted.add(updaters.group(1) + "." + updaters.group(2));
                }
            }
        }
        assertThat(wanted).hasSizeGreaterThanOrEqualTo(6);
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(
                            path -> path.toString().matches(".*/target/classes/.*/pb/\\w+OrBuilder\\.class"))
                    .toList()) {
                String path = file.toString();
                String type = path.substring(path.indexOf("target/classes/") + "target/classes/".length())
                        .replace('/', '.')
                        .replace("OrBuilder.class", "");
                wanted.add(type);
                wanted.add(type + "$Builder");
            }
        }

        assertThat(described).containsAll(wanted);
    }

    @Test
    void eachReflectiveCallHasAnEntryOrAReason() throws IOException {
        assertThat(reflectiveCalls())
                .as("each call needs an entry in META-INF/native-image or a reason, listed in this test")
                .containsExactlyInAnyOrderElementsOf(Stream.concat(ENTRIES.keySet().stream(), REASONS.keySet().stream())
                        .toList());

        Set<String> described = new TreeSet<>();
        for (Map<String, Object> entry : entries()) {
            described.add(text(entry, "type"));
        }
        ENTRIES.forEach((call, types) ->
                assertThat(described).as("the entries for " + call).containsAll(types));
    }

    /** The calls in the libraries' classes to methods that find classes, members, services or resources by name. */
    private static Set<String> reflectiveCalls() throws IOException {
        Set<String> calls = new TreeSet<>();
        int classes = 0;
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString().matches(CLASS_OF_A_LIBRARY))
                    .toList()) {
                String path = file.toString();
                String name =
                        path.substring(path.indexOf(CLASSES) + CLASSES.length(), path.length() - ".class".length());
                for (String call : ConstantPool.methodsOf(file)) {
                    if (call.matches(REFLECTIVE)) {
                        calls.add(name.substring(name.lastIndexOf('/') + 1) + " calls "
                                + call.substring(call.lastIndexOf('/') + 1));
                    }
                }
                classes++;
            }
        }
        assertThat(classes).isGreaterThan(300);
        return calls;
    }

    private static boolean isOfALibrary(Path path) {
        String text = path.toString();
        return text.endsWith(".java")
                && text.contains("/src/main/java/")
                && !text.matches("\\.\\./(attacks|benchmarks|cli|examples|interop|simulation)/.*");
    }

    private static String text(Map<String, Object> object, String name) {
        return (String) Objects.requireNonNull(object.get(name), name);
    }

    private static String simple(String type) {
        return type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    }

    private static List<Map<String, Object>> entries() throws IOException {
        List<Map<String, Object>> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(path -> path.toString()
                            .matches(".*/src/main/resources/META-INF/native-image/.*/reachability-metadata\\.json"))
                    .toList()) {
                try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
                    json.nextToken();
                    entries.addAll(list(((Map<?, ?>) Objects.requireNonNull(value(json))).get("reflection")));
                }
            }
        }
        return entries;
    }

    private static Object value(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> object = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                object.put(name, value(json));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                array.add(value(json));
            }
            return array;
        }
        return json.getText();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(@Nullable Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }
}
