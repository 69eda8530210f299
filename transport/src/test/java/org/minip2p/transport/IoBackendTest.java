package org.minip2p.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IoBackendTest {
    @Test
    void isFoundByItsName() {
        assertThat(IoBackend.named("nio").name()).isEqualTo("nio");
        assertThat(IoBackend.names()).contains(IoBackend.named(IoBackend.AUTO).name());
        assertThatThrownBy(() -> IoBackend.named("select"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io_uring");
    }

    @Test
    void saysWhyItCannotBeHad() {
        for (String name : IoBackend.names()) {
            Optional<String> reason = IoBackend.unavailability(name);
            if (reason.isPresent()) {
                assertThatThrownBy(() -> IoBackend.named(name))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(reason.get());
            } else {
                assertThat(IoBackend.named(name).handlerFactory()).isNotNull();
            }
        }
    }

    /** Without the jars of the native transports, the library runs on NIO. */
    @Test
    void isNioWhereTheNativeJarsAreMissing() throws Exception {
        Class<?> loaded = new WithoutNativeTransports().loadClass(IoBackend.class.getName());

        Object best = loaded.getMethod("best").invoke(null);

        assertThat(loaded.getMethod("name").invoke(best)).isEqualTo("nio");
        assertThat(loaded.getMethod("unavailability", String.class).invoke(null, "epoll"))
                .asString()
                .contains("epoll");
    }

    /** Loads this module's classes again and has no classes of the native transports. */
    private static final class WithoutNativeTransports extends ClassLoader {
        WithoutNativeTransports() {
            super(IoBackend.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.matches("io\\.netty\\.channel\\.(epoll|uring|kqueue|unix)\\..*")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("org.minip2p.transport.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in == null ? new byte[0] : in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
