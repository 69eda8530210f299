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
 * names something that exists. Each field updater and each generated message has an entry. This test builds no native
 * image.
 */
class NativeImageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern UPDATER =
            Pattern.compile("newUpdater\\((\\w+)\\.class, (?:\\w+\\.class, )?\"(\\w+)\"\\)");

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
