package org.minip2p.host.compatibility;

import static org.minip2p.host.PeerEnd.CLOSE_WITH_PEER;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.stream.ChunkedFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.minip2p.core.ProtocolId;
import org.minip2p.host.Host;
import org.minip2p.host.Hosts;
import org.minip2p.transport.IoBackend;

/**
 * A process that sends files with Netty's ChunkedWriteHandler, over TCP and over streams. The files are larger than its
 * memory.
 */
final class FileServer {
    static final ProtocolId PROTOCOL = new ProtocolId("/files/1.0.0");

    private FileServer() {}

    /** Prints the port of TCP, and then the address of each host. Runs until its input ends. */
    public static void main(String[] ioBackends) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Channel tcp = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        addTo(channel.pipeline());
                    }
                })
                .bind("127.0.0.1", 0)
                .sync()
                .channel();
        System.out.println(((InetSocketAddress) tcp.localAddress()).getPort());
        for (String io : ioBackends) {
            Host host = Host.builder()
                    .ioBackend(IoBackend.named(io))
                    .listen(Hosts.LOOPBACK)
                    .handle(PROTOCOL, CLOSE_WITH_PEER, stream -> addTo(stream.pipeline()))
                    .start()
                    .join();
            System.out.println(host.addresses().get(0));
        }
        while (System.in.read() >= 0) {
            // Ignores the content of the lines.
        }
        System.exit(0);
    }

    /** The handlers of Netty's example "file". */
    static void addTo(ChannelPipeline pipeline) {
        pipeline.addLast(new LineBasedFrameDecoder(8192), new StringDecoder(), new ChunkedWriteHandler(), new Sender());
    }

    private static final class Sender extends SimpleChannelInboundHandler<String> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, String path) throws IOException {
            ctx.writeAndFlush(new ChunkedFile(new File(path))).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
