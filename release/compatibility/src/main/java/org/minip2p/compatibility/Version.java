package org.minip2p.compatibility;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The number of a release, and what docs/versions.md lets it change. */
record Version(int major, int minor, int patch) implements Comparable<Version> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})");

    /** What may differ between two releases. */
    enum Allowed {
        NOTHING("a patch version does not change the API"),
        ADDITIONS("only additions are allowed"),
        EVERYTHING("incompatible changes are allowed");

        private final String words;

        Allowed(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    static Version parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected a version such as 0.9.0, got \"" + text + '"');
        }
        return new Version(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    /**
     * What this version may change of an earlier one. With the same number, the next version has no number yet. Additions are fine then,
     * since they decide nothing but that number; who breaks the API has to raise the number first, and so sees to it that users are told.
     */
    Allowed since(Version earlier) {
        if (compareTo(earlier) < 0) {
            throw new IllegalArgumentException("expected a version not below " + earlier + ", got " + this);
        }
        if (equals(earlier)) {
            return Allowed.ADDITIONS;
        }
        if (major > earlier.major) {
            return Allowed.EVERYTHING;
        }
        if (minor > earlier.minor) {
            return major == 0 ? Allowed.EVERYTHING : Allowed.ADDITIONS;
        }
        return Allowed.NOTHING;
    }

    /** The next version that may change so much. */
    Version next(Allowed change) {
        return switch (change) {
            case NOTHING -> new Version(major, minor, patch + 1);
            case ADDITIONS -> new Version(major, minor + 1, 0);
            case EVERYTHING -> major == 0 ? new Version(0, minor + 1, 0) : new Version(major + 1, 0, 0);
        };
    }

    @Override
    public int compareTo(Version other) {
        return Comparator.comparingInt(Version::major)
                .thenComparingInt(Version::minor)
                .thenComparingInt(Version::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
