package org.minip2p.multistream;

import org.minip2p.core.config.Config;
import org.minip2p.core.config.Setting;
import org.minip2p.core.config.SettingValues;
import org.minip2p.core.config.Settings;

/**
 * The limits of a responder in one negotiation. Immutable. There is no time limit: the owner of the channel has the deadline
 * (MSS-26).
 */
public final class MultistreamConfig extends Config<MultistreamConfig> {
    private static final Settings SETTINGS = new Settings();

    // MSS-27. No stack proposes as many as 16, and the answers to all of them fit into one packet.
    public static final Setting<Integer> MAX_PROPOSALS = SETTINGS.add(Setting.count(
            "maxProposals", 16, 1, "The most proposals that are answered in one negotiation; one more ends it."));

    private static final MultistreamConfig DEFAULTS = new MultistreamConfig(SETTINGS.defaults());

    private MultistreamConfig(SettingValues values) {
        super(values);
    }

    /** The defaults. */
    public static MultistreamConfig defaults() {
        return DEFAULTS;
    }

    @Override
    protected MultistreamConfig copy(SettingValues values) {
        return new MultistreamConfig(values);
    }
}
