package org.minip2p.host;

import static org.minip2p.host.PeerEnd.HALF_OPEN;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.minip2p.core.Multiaddr;
import org.minip2p.core.ProtocolId;

/**
 * A host in a separate process with little memory. It serves echo, and reports how much memory it uses. Its limits have
 * their defaults, and loopback addresses count like others.
 */
final class SmallProcess implements AutoCloseable {
    /** The host does not read the streams of this protocol. */
    static final ProtocolId UNREAD = new ProtocolId("/unread/1.0.0");

    /** The host reads and discards the bytes on streams of this protocol. */
    static final ProtocolId DISCARDED = new ProtocolId("/discarded/1.0.0");

    /** The address from which floods come. */
    static final String FLOODER = "127.0.0.2";

    private static final int MEBI = 1 << 20;

    private final Process process;
    private final BufferedReader said;
    private final OutputStream asked;
    private final Multiaddr address;

    SmallProcess() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=32m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        asked = process.getOutputStream();
        address = Multiaddr.parse(said.readLine());
    }

    Multiaddr address() {
        return address;
    }

    /** The heap and the direct memory in use, in MiB, after a garbage collection. */
    long usedMebibytes() throws IOException {
        asked.write('\n');
        asked.flush();
        String line = said.readLine();
        if (line == null) {
            throw new IOException("the process is gone");
        }
        return Long.parseLong(line);
    }

    /**
     * Opens this many silent sockets from one address, and counts those that the host closes. The others stay open
     * until the end.
     */
    static int flood(Multiaddr target, int sockets) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        AtomicInteger refused = new AtomicInteger();
        Set<Object> open = ConcurrentHashMap.newKeySet();
        Semaphore atOnce = new Semaphore(500);
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                open.add(ctx.channel());
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                ctx.close();
                            }
                        });
                    }
                });
        InetSocketAddress remote = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), target.tcp().orElseThrow().port());
        InetSocketAddress local = new InetSocketAddress(FLOODER, 0);
        for (int i = 0; i < sockets; i++) {
            if (!atOnce.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing is closed any more, after " + refused + " of " + i);
            }
            bootstrap.connect(remote, local).channel().closeFuture().addListener(closed -> {
                refused.incrementAndGet();
                atOnce.release();
            });
        }
        // The listener lets some sockets wait, and those stay open. So this does not wait for all of them.
        atOnce.tryAcquire(400, 10, TimeUnit.SECONDS);
        int count = refused.get();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        return count;
    }

    @Override
    public void close() throws IOException {
        asked.close();
        process.destroy();
    }

    /** The main method of that process. */
    public static void main(String[] arguments) throws IOException {
        try (Host host = Host.builder()
                .on(new HostEnvironment().addressKey(remote -> ((InetSocketAddress) remote).getAddress()))
                .listen(Hosts.LOOPBACK)
                .handle(Hosts.ECHO, HALF_OPEN, Hosts::echo)
                .handle(
                        DISCARDED,
                        HALF_OPEN,
                        stream -> stream.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object message) {
                                ReferenceCountUtil.release(message);
                            }
                        }))
                .handle(UNREAD, HALF_OPEN, stream -> stream.channel().config().setAutoRead(false))
                .start()
                .join()) {
            System.out.println(host.addresses().get(0));
            while (System.in.read() >= 0) {
                System.gc();
                Runtime runtime = Runtime.getRuntime();
                long heap = runtime.totalMemory() - runtime.freeMemory();
                long direct = io.netty.util.internal.PlatformDependent.usedDirectMemory();
                System.out.println((heap + Math.max(0, direct)) / MEBI);
            }
        }
    }
}
