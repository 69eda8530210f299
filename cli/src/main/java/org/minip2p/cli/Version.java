package org.minip2p.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version of the packaged command. */
final class Version implements IVersionProvider {
    /** The version for peers, as name/version. */
    static String agent() {
        @Nullable String packaged = Version.class.getPackage().getImplementationVersion();
        return "minip2p/" + (packaged == null ? "development" : packaged);
    }

    @Override
    public String[] getVersion() {
        return new String[] {agent()};
    }
}
