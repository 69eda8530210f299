import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks the links of the pages that release/javadoc has written: java CheckLinks.java FOLDER NETTY.
 *
 * <p>A link within the folder leads to a file, and its fragment to an element with that id. A link to the JDK or to Netty has the form that
 * their Javadoc has; nothing is asked of the network. Some of each have to be there.
 */
public final class CheckLinks {
    private static final Pattern HREF = Pattern.compile("\\bhref=\"([^\"]*)\"");
    private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]*)\"");
    private static final String TYPE = "[\\w/]+/[A-Z][\\w.]*\\.html(#.*)?";
    private static final String SUMMARY = "([\\w/]+/package|module)-summary\\.html";

    private final Path folder;
    private final Map<Path, Set<String>> ids;
    private final Set<String> faults = new TreeSet<>();
    private final Map<String, Set<String>> external = new TreeMap<>();
    private int within;

    private CheckLinks(Path folder) throws IOException {
        this.folder = folder;
        try (Stream<Path> files = Files.walk(folder)) {
            ids = files.filter(file -> file.toString().endsWith(".html"))
                    .collect(Collectors.toMap(Function.identity(), file -> new HashSet<>(all(ID, file))));
        }
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: java CheckLinks.java FOLDER NETTY");
            System.exit(2);
        }
        System.exit(new CheckLinks(Path.of(arguments[0]).toRealPath()).run(arguments[1]));
    }

    private int run(String netty) {
        Map<String, Pattern> forms = Map.of(
                "https://docs.oracle.com/en/java/javase/17/docs/api/", Pattern.compile("java\\.[\\w.]+/(" + TYPE + "|" + SUMMARY + ")"),
                netty + "/", Pattern.compile("io/netty/(" + TYPE + "|" + SUMMARY + ")"));
        for (Path page : ids.keySet()) {
            all(HREF, page).forEach(link -> check(page, link, forms));
        }
        for (String site : forms.keySet()) {
            if (external.getOrDefault(site, Set.of()).isEmpty()) {
                faults.add("no page has a link to " + site);
            }
        }
        faults.forEach(fault -> System.err.println("FAILED: " + fault));
        if (faults.isEmpty()) {
            System.out.println(ids.size() + " pages, " + within + " links within them");
            external.forEach((site, links) -> System.out.println(
                    links.size() + " links to " + site + ", such as " + links.iterator().next().substring(site.length())));
        }
        return faults.isEmpty() ? 0 : 1;
    }

    private void check(Path page, String link, Map<String, Pattern> forms) {
        if (link.startsWith("https:") || link.startsWith("http:")) {
            forms.forEach((site, form) -> {
                if (link.startsWith(site)) {
                    external.computeIfAbsent(site, any -> new TreeSet<>()).add(link);
                    if (!form.matcher(link.substring(site.length())).matches()) {
                        faults.add(folder.relativize(page) + ": not the form of a page there: " + link);
                    }
                }
            });
            return;
        }
        if (link.startsWith("javascript:")) {
            return;
        }
        within++;
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(URI.create(path).getPath()).normalize();
        if (!target.startsWith(folder) || !Files.isRegularFile(target)) {
            faults.add(folder.relativize(page) + ": no such file: " + link);
        } else if (hash >= 0 && hash + 1 < link.length() && ids.containsKey(target)) {
            String id = URLDecoder.decode(link.substring(hash + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (!ids.get(target).contains(id)) {
                faults.add(folder.relativize(page) + ": no such place: " + link);
            }
        }
    }

    private static List<String> all(Pattern pattern, Path page) {
        try {
            return pattern.matcher(Files.readString(page))
                    .results()
                    .map(match -> text(match.group(1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(page.toString(), e);
        }
    }

    private static String text(String attribute) {
        return attribute.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    }
}
