package org.minip2p.multistream;

import org.minip2p.core.config.Config;
import org.minip2p.core.config.Setting;
import org.minip2p.core.config.SettingValues;
import org.minip2p.core.config.Settings;

/**
 * What a responder puts up with in one negotiation. Immutable. The time limit is not here: deadlines belong to whoever owns the
 * channel (MSS-26).
 */
public final class MultistreamConfig extends Config<MultistreamConfig> {
    private static final Settings SETTINGS = new Settings();

    // MSS-27. 16 are more than any stack offers, and an answer to each still fits into one packet.
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
