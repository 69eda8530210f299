package peer;

import java.util.List;

/** The options that this peer knows of the shared command line; see ../README.md. */
final class Options {
    private static final List<String> KINDS = List.of("streams", "streams-64", "connections", "ping-pong", "bulk");

    String kind;
    int warmUpSeconds = 5;
    int rounds = 5;
    int seconds = 2;
    long timeoutSeconds = 30;
    long uploadBytes;
    long downloadBytes;

    private Options() {}

    static Options parse(List<String> args) {
        Options options = new Options();
        for (int i = 0; i < args.size(); i += 2) {
            String name = args.get(i);
            if (i + 1 == args.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            }
            String value = args.get(i + 1);
            switch (name) {
                case "--kind" -> options.kind = value;
                case "--warm-up" -> options.warmUpSeconds = Integer.parseInt(value);
                case "--rounds" -> options.rounds = Integer.parseInt(value);
                case "--seconds" -> options.seconds = Integer.parseInt(value);
                case "--timeout" -> options.timeoutSeconds = Long.parseLong(value);
                case "--upload" -> options.uploadBytes = Long.parseLong(value);
                case "--download" -> options.downloadBytes = Long.parseLong(value);
                default -> throw new IllegalArgumentException("unknown option " + name);
            }
        }
        return options;
    }

    void checkKind() {
        if (!KINDS.contains(kind)) {
            throw new UnknownKind("unknown kind " + kind + ", expected " + String.join(", ", KINDS));
        }
    }

    /** The kind of work is not one of ours. */
    static final class UnknownKind extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        UnknownKind(String message) {
            super(message);
        }
    }
}
