package org.minip2p.interop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.minip2p.core.KeyType;

/** The cases in which our node dials the peer. */
final class WeDial {
    private WeDial() {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of(Cases.SILENCE, Cases.LONG, WeDialStreams::keepsASilentStream));
        cases.add(new Case(Cases.MUTUAL_DIAL, Cases.LONG, WeDialNodeInfo::dialsMutually));
        cases.add(Case.of("pings 12 s apart", WeDialProtocols::pingsSeldom));
        cases.add(new Case(Cases.PERF, Cases.LONG, WeDialProtocols::measures));
        cases.add(Case.of(Cases.PING, WeDialProtocols::pings));
        cases.add(Case.of(Cases.IDENTIFY, WeDialProtocols::identifies));
        cases.add(Case.of(Cases.PUSH, WeDialProtocols::pushes));
        for (int bytes : Cases.ECHO_BYTES) {
            cases.add(Case.of(Cases.echo(bytes), bench -> WeDialStreams.echoes(bench, bytes)));
        }
        cases.add(Case.of(Cases.LARGE_FRAMES, WeDialStreams::takesFramesAsLargeAsTheWindow));
        cases.add(Case.of(Cases.HALF_CLOSE_BEFORE, WeDialStreams::getsTheAnswerAfterTheHalfClose));
        cases.add(Case.of("half-close after the answer", WeDialStreams::endsAfterTheAnswer));
        cases.add(new Case("FIN in the first flight", Duration.ofSeconds(60), WeDialStreams::endsInTheFirstFlight));
        cases.add(Case.of("FIN held back until the protocol is confirmed", WeDialStreams::endsWhenConfirmed));
        cases.add(Case.of("data followed by FIN in the same Noise frame", WeDialStreams::endsWithTheData));
        cases.add(Case.of(Cases.THEIR_RESET, WeDialStreams::seesAReset));
        cases.add(Case.of(Cases.OUR_RESET, WeDialStreams::resets));
        cases.add(Case.of(Cases.NOT_SPOKEN, WeDialStreams::seesThatAProtocolIsNotSpoken));
        cases.add(Case.of("the second of two protocols", WeDialStreams::agreesOnTheSecondProtocol));
        cases.add(Case.of(Cases.HUNDRED_AT_ONCE, WeDialStreams::opensAHundredStreamsAtOnce));
        cases.add(Case.of(Cases.TWO_HUNDRED_IN_TURN, WeDialStreams::opensTwoHundredStreamsInTurn));
        cases.add(Case.of(Cases.NODE_INFO, WeDialNodeInfo::shakesHands));
        cases.add(Case.of(Cases.OTHER_NETWORK, WeDialNodeInfo::refusesAnotherNetwork));
        cases.add(Case.of(Cases.WRONG_SIGNER, WeDialNodeInfo::refusesAnotherSigner));
        cases.add(Case.of(Cases.TOO_LARGE, WeDialNodeInfo::refusesAnInfoThatIsTooLarge));
        cases.add(Case.of(Cases.WRONG_PEER, WeDialConnections::refusesAnotherPeer));
        cases.add(Case.of("peer id as a CID in the address", WeDialConnections::readsBothFormsOfAPeerId));
        for (KeyType type : KeyType.values()) {
            String name = type.name().toLowerCase(Locale.ROOT);
            cases.add(Case.of("our key is " + name, bench -> WeDialConnections.provesItsKey(bench, type)));
            cases.add(Case.of("their key is " + name, bench -> WeDialConnections.believesTheirKey(bench, type)));
        }
        cases.add(Case.of(Cases.EARLY_MUXER, bench -> WeDialConnections.agreesOnTheMuxer(bench, true)));
        cases.add(Case.of(Cases.OUR_EARLY_MUXER_OFF, bench -> WeDialConnections.agreesOnTheMuxer(bench, false)));
        cases.add(Case.of(Cases.THEIR_EARLY_MUXER_OFF, WeDialConnections::agreesOnTheMuxerWithoutThem));
        cases.add(Case.of(Cases.PIPELINING_OFF, bench -> WeDialConnections.echoesWith(bench, true)));
        cases.add(Case.of(
                "pipelining and early muxer negotiation off", bench -> WeDialConnections.echoesWith(bench, false)));
        cases.add(Case.of(Cases.OUR_CLOSE, WeDialConnections::closes));
        cases.add(Case.of(Cases.THEIR_CLOSE, WeDialConnections::isClosed));
        cases.add(Case.of("their stop", WeDialConnections::seesThemStop));
        cases.add(Case.of(Cases.OUR_CLOSE_UNDER_WAY, WeDialConnections::closesWithAnAnswerUnderWay));
        cases.add(Case.of(Cases.THEIR_CLOSE_UNDER_WAY, WeDialConnections::isClosedWithAnAnswerUnderWay));
        cases.add(new Case(
                "their default limits on streams and connections",
                Duration.ofSeconds(60),
                WeDialStreams::meetsTheirLimits));
        return cases;
    }
}
