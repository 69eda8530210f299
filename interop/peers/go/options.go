package main

import (
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
)

const rsaBits = 2048

type options struct {
	command, target, operation       string
	listen, dialOnStart              texts
	keyType, key, networkID, subnets string
	earlyMuxer, stockLimits          bool
	wrongSigner, ssv, perf           bool
	pad, size, count, streams        int
	upload, download                 uint64
	seconds, identities, metrics     int
	kind                             string
	warmUp, rounds                   int
	timeout                          time.Duration
	fork                             fork
	skews                            skews
}

// texts is an option that may be repeated.
type texts []string

func (t *texts) String() string     { return strings.Join(*t, ",") }
func (t *texts) Set(s string) error { *t = append(*t, s); return nil }

func parseOptions(args []string) (*options, error) {
	o := &options{}
	switch {
	case len(args) > 0 && (args[0] == "listen" || args[0] == "interop-test"):
		o.command, args = args[0], args[1:]
	case len(args) > 2 && args[0] == "dial":
		o.command, o.target, o.operation, args = args[0], args[1], args[2], args[3:]
	case len(args) > 0 && args[0] == "work":
		o.command, o.operation, args = args[0], args[0], args[1:]
	default:
		return nil, errors.New("expected listen, interop-test, work, or dial MULTIADDR OPERATION")
	}
	f := flag.NewFlagSet("peer", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Var(&o.listen, "listen", "")
	f.Var(&o.dialOnStart, "dial", "")
	f.StringVar(&o.keyType, "key-type", "ed25519", "")
	f.StringVar(&o.key, "key", "", "")
	f.StringVar(&o.networkID, "network-id", "0x00000502", "")
	f.StringVar(&o.subnets, "subnets", strings.Repeat("0", 32), "")
	noEarlyMuxer := f.Bool("no-early-muxer", false, "")
	f.BoolVar(&o.stockLimits, "stock-limits", false, "")
	f.BoolVar(&o.wrongSigner, "wrong-signer", false, "")
	f.BoolVar(&o.ssv, "ssv", false, "")
	f.BoolVar(&o.perf, "perf", false, "")
	f.IntVar(&o.identities, "identities", 1, "")
	f.IntVar(&o.metrics, "metrics", -1, "")
	f.IntVar(&o.pad, "pad", 0, "")
	f.IntVar(&o.size, "size", 1024, "")
	f.IntVar(&o.count, "count", 1, "")
	f.IntVar(&o.streams, "streams", 1, "")
	f.Uint64Var(&o.upload, "upload", 0, "")
	f.Uint64Var(&o.download, "download", 0, "")
	f.IntVar(&o.seconds, "seconds", o.defaultSeconds(), "")
	f.StringVar(&o.kind, "kind", "", "")
	f.IntVar(&o.warmUp, "warm-up", 5, "")
	f.IntVar(&o.rounds, "rounds", 5, "")
	f.StringVar(&o.fork.networkID, "fork-network-id", "", "")
	forkAt := f.Int64("fork-at", 0, "")
	window := f.Int("window", 0, "")
	f.Var(&o.skews, "skew", "")
	seconds := f.Int("timeout", 30, "")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unknown argument %s", f.Arg(0))
	}
	if o.isWork() {
		if err := checkWork(o); err != nil {
			return nil, err
		}
	}
	if o.identities < 1 || o.identities > 1 && (o.command != "listen" || o.key != "") {
		return nil, errors.New("several identities are for listen without a key file")
	}
	if o.metrics >= 0 && (o.command != "listen" || o.identities > 1 || o.stockLimits) {
		return nil, errors.New("--metrics is for listen with one identity and without limits")
	}
	if (*forkAt != 0) != (o.fork.networkID != "") {
		return nil, errors.New("--fork-at and --fork-network-id belong together")
	}
	o.fork.at = time.UnixMilli(*forkAt)
	o.fork.window = time.Duration(*window) * time.Millisecond
	o.earlyMuxer = !*noEarlyMuxer
	o.timeout = time.Duration(*seconds) * time.Second
	if o.command == "interop-test" {
		o.listen = texts{"/ip4/" + os.Getenv(contractOf(o.perf).ip) + "/tcp/0"}
	}
	if len(o.listen) == 0 {
		o.listen = texts{"/ip4/127.0.0.1/tcp/0"}
	}
	return o, nil
}

// isWork says whether this is an end of a work, or both.
func (o *options) isWork() bool {
	return o.operation == "work" || o.command == "listen" && o.kind != ""
}

// defaultSeconds is the length of a round of work, or that of a hold.
func (o *options) defaultSeconds() int {
	if o.operation == "work" {
		return 2
	}
	return 40
}

// identity is the key in a file, or a fresh one.
func (o *options) identity() (crypto.PrivKey, error) {
	if o.key != "" {
		bytes, err := os.ReadFile(o.key)
		if err != nil {
			return nil, err
		}
		return crypto.UnmarshalPrivateKey(bytes)
	}
	types := map[string]int{"ed25519": crypto.Ed25519, "secp256k1": crypto.Secp256k1, "ecdsa": crypto.ECDSA, "rsa": crypto.RSA}
	t, ok := types[o.keyType]
	if !ok {
		return nil, fmt.Errorf("unknown key type %s", o.keyType)
	}
	key, _, err := crypto.GenerateKeyPairWithReader(t, rsaBits, rand.Reader)
	return key, err
}
