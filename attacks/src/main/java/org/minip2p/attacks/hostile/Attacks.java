package org.minip2p.attacks.hostile;

import java.util.List;
import java.util.stream.Collectors;

/** All attacks, in the order in which they are run. */
public final class Attacks {
    private static final List<Attack> ALL = List.of(
            new SilentSockets(),
            new NoDescriptors(),
            new SiteCrowd(),
            new AddressCrowd(),
            new HandshakeDrip(),
            new HandshakeChurn(),
            new SlowProofs(),
            new OnePeer(),
            new RestartedPeer(),
            new Zeros(),
            new UnknownProtocols(),
            new LongLines(),
            new BrokenHandshakes(),
            new EmptyMessages(),
            new UnreadPongs(),
            new SynFlood(),
            new RapidResets(),
            new BadFrames(),
            new LateFrames(),
            new TinyFrames(),
            new GiantFrames(),
            new PinnedPieces(),
            new UnsentAnswers(),
            new UnreadCrowd(),
            new StalledReaders(),
            new CreditDrip(),
            new IdentifyPushes(),
            new IdentifyQuestions(),
            new PingStreams(),
            new GivenUpCalls(),
            new EndlessNodeInfo(),
            new UnfinishedRequests(),
            new NodeInfoExchanges(),
            new SlowEnvelopes(),
            new StuckListener());

    private Attacks() {}

    /** The churn of the soak, which is not one of the attacks. */
    public static Attack churn() {
        return Churn.INSTANCE;
    }

    /** All attacks. */
    public static List<Attack> all() {
        return ALL;
    }

    /**
     * The attack with this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    public static Attack named(String name) {
        return ALL.stream()
                .filter(attack -> attack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attack is called " + name + ", but "
                        + ALL.stream().map(Attack::name).collect(Collectors.joining(", "))));
    }
}
