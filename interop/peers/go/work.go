package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	workBytes     = 32
	echoBytes     = 4096 // the buffer of an echo: little, since each stream has one
	streamsAtOnce = 64
	uploadMib     = 64
)

var workKinds = []string{"streams", "streams-64", "connections", "ping-pong", "bulk"}

// checkWork refuses what is no work.
func checkWork(o *options) error {
	if !slices.Contains(workKinds, o.kind) {
		err := fmt.Errorf("unknown kind %q, expected one of %s", o.kind, strings.Join(workKinds, ", "))
		return &failure{reason: "unknown-kind", err: err}
	}
	if o.warmUp < 0 || o.rounds < 1 || o.seconds < 1 {
		return errors.New("--rounds and --seconds are at least 1, --warm-up is at least 0")
	}
	return nil
}

// work is one end of the work of a kind, or both of them in this process.
func work(ctx context.Context, o *options) error {
	if o.command == "listen" {
		return workListen(ctx, o)
	}
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	target := o.target
	if o.command == "work" {
		listener := *o
		listener.command = "listen"
		h, address, err := serveWork(&listener)
		if err != nil {
			return err
		}
		defer h.Close()
		target = address
	}
	dialer := *o
	dialer.command = "dial"
	done := make(chan error, 1)
	go func() { done <- workDial(ctx, &dialer, target) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func workListen(ctx context.Context, o *options) error {
	h, address, err := serveWork(o)
	if err != nil {
		return err
	}
	defer h.Close()
	printLine(object{"event": "listening", "peerId": h.ID(), "addresses": []string{address}})
	end := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		end <- err
	}()
	select {
	case <-ctx.Done():
		return nil
	case err := <-end:
		return err
	}
}

// serveWork serves the echo and perf, and gives the host's first address.
func serveWork(o *options) (host.Host, string, error) {
	h, err := newWorkHost(o)
	if err != nil {
		return nil, "", err
	}
	serve(h, "/echo/1.0.0", func(s network.Stream) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{s}, make([]byte, echoBytes))
		return err
	})
	serve(h, "/perf/1.0.0", servePerf)
	addresses, err := peer.AddrInfoToP2pAddrs(host.InfoFromHost(h))
	if err != nil {
		return nil, "", err
	}
	return h, addresses[0].String(), nil
}

func workDial(ctx context.Context, o *options, target string) error {
	info, err := peer.AddrInfoFromString(target)
	if err != nil {
		return err
	}
	h, err := newWorkHost(o)
	if err != nil {
		return err
	}
	defer h.Close()
	w := &worker{ctx: ctx, host: h, remote: *info}
	if err := h.Connect(ctx, *info); err != nil {
		return err
	}
	round, unit, err := w.round(o.kind)
	if err != nil {
		return err
	}
	if _, err := round(time.Duration(o.warmUp) * time.Second); err != nil {
		return err
	}
	var values []float64
	for range o.rounds {
		value, err := round(time.Duration(o.seconds) * time.Second)
		if err != nil {
			return err
		}
		values = append(values, value)
	}
	median := slices.Sorted(slices.Values(values))[len(values)/2]
	printLine(object{"ok": true, "kind": o.kind, "unit": unit, "median": median, "rounds": values})
	return nil
}

// worker is the end that dials.
type worker struct {
	ctx    context.Context
	host   host.Host
	remote peer.AddrInfo
}

// round is what a round of a kind does, and the unit of what it gives.
func (w *worker) round(kind string) (func(time.Duration) (float64, error), string, error) {
	switch kind {
	case "streams":
		return func(length time.Duration) (float64, error) { return rate(length, w.stream) }, "1/s", nil
	case "streams-64":
		return func(length time.Duration) (float64, error) { return rateAtOnce(streamsAtOnce, length, w.stream) }, "1/s", nil
	case "connections":
		err := w.host.Network().ClosePeer(w.remote.ID)
		return func(length time.Duration) (float64, error) { return rate(length, w.connection) }, "1/s", err
	case "bulk":
		return func(length time.Duration) (float64, error) {
			uploads, err := rate(length, w.upload)
			return uploads * uploadMib, err
		}, "MiB/s", nil
	default:
		s, err := w.host.NewStream(w.ctx, w.remote.ID, "/echo/1.0.0")
		return func(length time.Duration) (float64, error) { return medianMicros(length, s) }, "µs", err
	}
}

// stream opens a stream, sends bytes and the end, and waits for them to come back.
func (w *worker) stream() error {
	s, err := w.host.NewStream(w.ctx, w.remote.ID, "/echo/1.0.0")
	if err != nil {
		return err
	}
	if err := exchange(s); err != nil {
		_ = s.Reset()
		return err
	}
	return s.Close()
}

func exchange(s network.Stream) error {
	var buffer [workBytes + 1]byte
	if _, err := s.Write(buffer[:workBytes]); err != nil {
		return err
	}
	if err := s.CloseWrite(); err != nil {
		return err
	}
	n, err := io.ReadFull(s, buffer[:])
	if n == workBytes && errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return joinFirst(err, fmt.Errorf("expected %d bytes, got more", workBytes))
}

// upload sends much on a stream, and waits until it has been received.
func (w *worker) upload() error {
	s, err := w.host.NewStream(w.ctx, w.remote.ID, "/perf/1.0.0")
	if err != nil {
		return err
	}
	if err := sendMuch(s); err != nil {
		_ = s.Reset()
		return err
	}
	return s.Close()
}

func sendMuch(s network.Stream) error {
	if _, err := s.Write(make([]byte, 8)); err != nil { // how much is to come back
		return err
	}
	if err := joinFirst(writeZeros(s, uploadMib<<20), s.CloseWrite()); err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, s)
	if err == nil && n > 0 {
		err = fmt.Errorf("expected no bytes, got %d", n)
	}
	return err
}

// connection dials, uses one stream and closes. There is no other connection to the peer, so this one is new.
func (w *worker) connection() error {
	if err := w.host.Connect(w.ctx, w.remote); err != nil {
		return err
	}
	return joinFirst(w.stream(), w.host.Network().ClosePeer(w.remote.ID))
}

// rate is how often something can be done in a second, one after the other.
func rate(length time.Duration, once func() error) (float64, error) {
	start := time.Now()
	count := 0
	for time.Since(start) < length {
		if err := once(); err != nil {
			return 0, err
		}
		count++
	}
	return float64(count) / time.Since(start).Seconds(), nil
}

// rateAtOnce is the same with several at once.
func rateAtOnce(atOnce int, length time.Duration, once func() error) (float64, error) {
	start := time.Now()
	var count atomic.Int64
	ended := make(chan error, atOnce)
	for range atOnce {
		go func() {
			var err error
			for err == nil && time.Since(start) < length {
				err = once()
				count.Add(1)
			}
			ended <- err
		}()
	}
	for range atOnce {
		if err := <-ended; err != nil {
			return 0, err
		}
	}
	return float64(count.Load()) / time.Since(start).Seconds(), nil
}

// medianMicros sends bytes there and back on one stream, one after the other.
func medianMicros(length time.Duration, s network.Stream) (float64, error) {
	var buffer [workBytes]byte
	var taken []time.Duration
	for start := time.Now(); len(taken) == 0 || time.Since(start) < length; {
		sent := time.Now()
		if _, err := s.Write(buffer[:]); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(s, buffer[:]); err != nil {
			return 0, err
		}
		taken = append(taken, time.Since(sent))
	}
	slices.Sort(taken)
	return float64(taken[len(taken)/2].Nanoseconds()) / 1000, nil
}
