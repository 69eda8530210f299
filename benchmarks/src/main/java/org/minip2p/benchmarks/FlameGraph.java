package org.minip2p.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Draws collapsed stacks, as async-profiler writes them, as a flame graph in SVG: a wider frame took more time, and a frame was called by
 * the one below it. {@code benchmarks/profile} runs it.
 */
public final class FlameGraph {
    private static final int WIDTH = 1200;
    private static final int ROW = 17;
    private static final int TOP = 58;
    private static final double CHARACTER = 6.4;

    /** Frames with a smaller share of the time are left out. */
    private static final double NARROWEST = 0.003;

    /** The frame where the work of an event loop begins; the frames below it carry no information. */
    private static final Pattern LOOP = Pattern.compile(".*SingleThreadIoEventLoop\\.run(Io)?");

    /** Frames of the compilers, the collectors and the profiler itself. */
    private static final List<String> LEFT_OUT = List.of("CompileBroker", "WorkerThread", "VMThread", "jmh", "Attach");

    /** A library without function names, whose file has a different name each time. */
    private static final String CIPHER_LIBRARY = "libconscrypt";

    /** The owner of a frame. */
    private enum Kind {
        OURS("this stack", "#7fb3e8"),
        NETTY("Netty", "#a8d5a2"),
        CIPHER("Conscrypt", "#f2c86b"),
        KERNEL("the kernel", "#e9a38f"),
        OTHER("Java, the JVM, the benchmark", "#cfcfcf");

        private final String label;
        private final String color;

        Kind(String label, String color) {
            this.label = label;
            this.color = color;
        }

        static Kind of(String frame) {
            if (frame.endsWith("_[k]")) {
                return KERNEL;
            }
            if (frame.contains("conscrypt")) {
                return CIPHER;
            }
            if (frame.startsWith("org/minip2p/") && !frame.startsWith("org/minip2p/benchmarks/")) {
                return OURS;
            }
            return frame.startsWith("io/netty/") ? NETTY : OTHER;
        }
    }

    /** A frame, with the samples of it and of the frames that it called. */
    private static final class Node {
        private final Map<String, Node> callees = new TreeMap<>();
        private long samples;

        void add(List<String> stack, long count) {
            Node node = this;
            node.samples += count;
            for (String frame : stack) {
                node = node.callees.computeIfAbsent(frame, name -> new Node());
                node.samples += count;
            }
        }

        int depth(long least) {
            return callees.values().stream()
                    .filter(callee -> callee.samples >= least)
                    .mapToInt(callee -> 1 + callee.depth(least))
                    .max()
                    .orElse(0);
        }
    }

    private final String title;
    private final Node root = new Node();
    private final StringBuilder svg = new StringBuilder();

    private FlameGraph(String title) {
        this.title = title;
    }

    /** {@code FlameGraph COLLAPSED SVG TITLE}. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("expected COLLAPSED SVG TITLE, got " + args.length + " arguments");
            System.exit(2);
        }
        Files.writeString(Path.of(args[1]), draw(Files.readAllLines(Path.of(args[0])), args[2]));
    }

    /**
     * Draws the graph.
     *
     * @param collapsed a line for each stack: its frames, separated by semicolons, the outermost first; a space; and the number of samples
     * @throws IOException if a line has another form
     */
    static String draw(List<String> collapsed, String title) throws IOException {
        FlameGraph graph = new FlameGraph(title);
        for (String line : collapsed) {
            int space = line.lastIndexOf(' ');
            if (space < 0 || !line.substring(space + 1).matches("\\d{1,18}")) {
                throw new IOException("expected frames and a count, got: " + line);
            }
            graph.add(Arrays.asList(line.substring(0, space).split(";")), Long.parseLong(line.substring(space + 1)));
        }
        return graph.svg();
    }

    private void add(List<String> stack, long count) {
        if (stack.stream().anyMatch(frame -> LEFT_OUT.stream().anyMatch(frame::contains))) {
            return;
        }
        List<String> frames = new ArrayList<>();
        for (String frame : stack) {
            String name = frame.contains(CIPHER_LIBRARY) ? CIPHER_LIBRARY : frame;
            if (!name.equals(CIPHER_LIBRARY) || frames.isEmpty() || !name.equals(frames.get(frames.size() - 1))) {
                frames.add(name);
            }
        }
        int loop = -1;
        for (int i = 0; i < frames.size(); i++) {
            if (LOOP.matcher(frames.get(i)).matches()) {
                loop = i;
            }
        }
        root.add(frames.subList(loop + 1, frames.size()), count);
    }

    private String svg() {
        long least = Math.max(1, (long) Math.ceil(root.samples * NARROWEST));
        int height = TOP + ROW * (root.depth(least) + 1);
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\" role=\"img\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append("<title>").append(escape(title)).append("</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.append("<text x=\"8\" y=\"20\" font-size=\"15\" font-weight=\"bold\" fill=\"#222222\">")
                .append(escape(title))
                .append("</text>\n");
        legend();
        box(root, "all, " + root.samples + " samples", 0, height - ROW, least);
        return svg.append("</svg>\n").toString();
    }

    private void legend() {
        int x = 8;
        for (Kind kind : Kind.values()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"30\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                            + "<text x=\"%d\" y=\"40\" fill=\"#222222\">%s</text>%n",
                    x,
                    kind.color,
                    x + 17,
                    kind.label));
            x += 40 + (int) (kind.label.length() * CHARACTER);
        }
    }

    private void box(Node node, String name, double x, int y, long least) {
        double width = (double) WIDTH * node.samples / root.samples;
        double percent = 100.0 * node.samples / root.samples;
        String shown = shorten(name);
        int room = (int) ((width - 6) / CHARACTER);
        svg.append(String.format(
                Locale.ROOT,
                "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\""
                        + " stroke=\"#ffffff\" stroke-width=\"0.5\"/>",
                escape(name),
                percent,
                x,
                y,
                width,
                ROW - 1,
                Kind.of(name).color));
        if (room >= 3) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" fill=\"#222222\">%s</text>",
                    x + 3,
                    y + 12,
                    escape(shown.length() <= room ? shown : shown.substring(0, room - 1) + "…")));
        }
        svg.append("</g>\n");
        double at = x;
        for (Map.Entry<String, Node> callee : node.callees.entrySet()) {
            if (callee.getValue().samples >= least) {
                box(callee.getValue(), callee.getKey(), at, y - ROW, least);
            }
            at += (double) WIDTH * callee.getValue().samples / root.samples;
        }
    }

    /** The class and the method, without the package. */
    private static String shorten(String frame) {
        String plain = frame.endsWith("_[k]") ? frame.substring(0, frame.length() - 4) : frame;
        return plain.substring(plain.lastIndexOf('/') + 1);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
