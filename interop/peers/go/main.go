// A go-libp2p peer for the interoperability tests; its command line is described in ../README.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multistream"
)

const stopTimeout = 2 * time.Second

// object is one line of output.
type object map[string]any

var (
	printLock sync.Mutex
	encoder   = newEncoder()
)

func newEncoder() *json.Encoder {
	e := json.NewEncoder(os.Stdout)
	e.SetEscapeHTML(false)
	return e
}

func printLine(o object) {
	printLock.Lock()
	defer printLock.Unlock()
	_ = encoder.Encode(o)
}

func main() {
	if err := run(); err != nil {
		fail(err)
		os.Exit(1)
	}
}

func run() error {
	o, err := parseOptions(os.Args[1:])
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer cancel()
	if o.isWork() {
		return work(ctx, o)
	}
	var hosts []host.Host
	var keys []crypto.PrivKey
	for range o.identities {
		key, err := o.identity()
		if err != nil {
			return err
		}
		h, err := newHost(o, key)
		if err != nil {
			return err
		}
		hosts, keys = append(hosts, h), append(keys, key)
	}
	defer func() {
		time.AfterFunc(stopTimeout, func() { os.Exit(0) })
		for _, h := range hosts {
			_ = h.Close()
		}
	}()

	if o.command == "interop-test" {
		return interopTest(ctx, hosts[0], contractOf(o.perf))
	}
	if o.command == "listen" {
		return listen(ctx, hosts, o, keys)
	}
	ctx, cancelTimeout := context.WithTimeout(ctx, o.timeout)
	defer cancelTimeout()
	result, err := dial(ctx, hosts[0], o, keys[0])
	if err != nil {
		fail(err)
		os.Exit(1)
	}
	result["ok"] = true
	printLine(result)
	return nil
}

// failure is an error with a reason that the tests know, and what is known besides.
type failure struct {
	reason  string
	details object
	err     error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(err error) {
	printLine(failed(err))
}

func failed(err error) object {
	o := object{"ok": false, "error": err.Error()}
	if reason := reasonOf(err); reason != "" {
		o["reason"] = reason
	}
	var f *failure
	if errors.As(err, &f) {
		for k, v := range f.details {
			o[k] = v
		}
	}
	return o
}

func reasonOf(err error) string {
	var f *failure
	var unsupported multistream.ErrNotSupported[protocol.ID]
	switch {
	case errors.As(err, &f):
		return f.reason
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "timeout"
	case errors.As(err, &unsupported):
		return "unsupported-protocol"
	case errors.Is(err, network.ErrReset):
		return "reset"
	}
	return ""
}
