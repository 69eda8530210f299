package org.minip2p.handshake;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.minip2p.handshake.InvalidNodeInfoException.Reason;

/**
 * Node info in JSON, and JSON inside it: {@code {"Entries":["","0x00000502","{\"NodeVersion\":…}"]}}. The first entry is a fork
 * version that is no longer used. Unknown members are skipped; names are case-sensitive (NIF-14).
 */
final class NodeInfoJson {
    private static final String ENTRIES = "Entries";
    private static final String NODE_VERSION = "NodeVersion";
    private static final String EXECUTION_NODE = "ExecutionNode";
    private static final String CONSENSUS_NODE = "ConsensusNode";
    private static final String SUBNETS = "Subnets";

    /** We use two levels; later versions may use a few more. */
    private static final int MAX_DEPTH = 8;

    private static final int MAX_NAME_LENGTH = 256;
    private static final int MAX_STRING_LENGTH = 8 * 1024;
    private static final int MAX_NUMBER_LENGTH = 64;
    private static final int MAX_TOKENS = 1024;

    /** Bounded (NIF-15), and does not keep a peer's names. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxStringLength(MAX_STRING_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxDocumentLength(SignedEnvelope.MAX_BYTES)
                    .build())
            .build();

    private NodeInfoJson() {}

    // ---- Writing ---------------------------------------------------------------------------------------------------

    static byte[] write(NodeInfo info) {
        String json = json(out -> {
            out.writeArrayFieldStart(ENTRIES);
            out.writeString("");
            out.writeString(info.networkId());
            if (info.metadata().isPresent()) {
                out.writeString(metadata(info.metadata().get()));
            }
            out.writeEndArray();
        });
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String metadata(Metadata metadata) {
        return json(out -> {
            out.writeStringField(NODE_VERSION, metadata.nodeVersion());
            out.writeStringField(EXECUTION_NODE, metadata.executionNode());
            out.writeStringField(CONSENSUS_NODE, metadata.consensusNode());
            out.writeStringField(SUBNETS, metadata.subnets());
        });
    }

    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }

    private static String json(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }

    // ---- Reading ---------------------------------------------------------------------------------------------------

    static NodeInfo read(byte[] payload) throws InvalidNodeInfoException {
        List<String> entries = entries(utf8(payload));
        if (entries.size() < 2) {
            throw new InvalidNodeInfoException(
                    Reason.INVALID_ENTRIES, "node info has at least two entries, not " + entries.size());
        }
        String networkId = entries.get(1);
        Optional<Metadata> metadata = entries.size() > 2 ? Optional.of(readMetadata(entries.get(2))) : Optional.empty();
        try {
            return new NodeInfo(networkId, metadata);
        } catch (IllegalArgumentException e) {
            throw new InvalidNodeInfoException(Reason.INVALID_NETWORK_ID, String.valueOf(e.getMessage()), e);
        }
    }

    private static String utf8(byte[] payload) throws InvalidNodeInfoException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidNodeInfoException(Reason.MALFORMED, "node info is not UTF-8", e);
        }
    }

    private static List<String> entries(String json) throws InvalidNodeInfoException {
        List<String> entries = new ArrayList<>();
        readObject("node info", Reason.MALFORMED, json, (name, parser) -> {
            if (!name.equals(ENTRIES)) {
                parser.skipChildren();
                return;
            }
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw new InvalidNodeInfoException(Reason.INVALID_ENTRIES, "the entries of node info are a list");
            }
            entries.clear();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                entries.add(text("an entry", Reason.INVALID_ENTRIES, parser));
            }
        });
        return entries;
    }

    private static Metadata readMetadata(String json) throws InvalidNodeInfoException {
        String[] texts = {"", "", "", ""};
        List<String> names = List.of(NODE_VERSION, EXECUTION_NODE, CONSENSUS_NODE, SUBNETS);
        readObject("metadata", Reason.INVALID_METADATA, json, (name, parser) -> {
            int index = names.indexOf(name);
            if (index < 0) {
                parser.skipChildren();
            } else {
                texts[index] = text(names.get(index), Reason.INVALID_METADATA, parser);
            }
        });
        try {
            return new Metadata(texts[0], texts[1], texts[2], texts[3]);
        } catch (IllegalArgumentException e) {
            throw new InvalidNodeInfoException(Reason.INVALID_METADATA, String.valueOf(e.getMessage()), e);
        }
    }

    private interface Member {
        /** Reads one member, whose value's first token is the parser's current one. */
        void read(String name, JsonParser parser) throws IOException;
    }

    /** Reads one object and nothing after it. */
    private static void readObject(String what, Reason reason, String json, Member member)
            throws InvalidNodeInfoException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidNodeInfoException(reason, what + " is a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                member.read(name, parser);
            }
            @Nullable JsonToken behind = parser.nextToken();
            if (behind != null) {
                throw new InvalidNodeInfoException(reason, what + " has something behind its JSON object");
            }
        } catch (InvalidNodeInfoException e) {
            throw e;
        } catch (IOException e) {
            // The parser's own message quotes the peer's text, so it is not repeated.
            throw new InvalidNodeInfoException(reason, what + " is not JSON within the limits", e);
        }
    }

    private static String text(String what, Reason reason, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new InvalidNodeInfoException(
                    reason, what + " of node info is a string, not " + parser.currentToken());
        }
        return parser.getText();
    }
}
