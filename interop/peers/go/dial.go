package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

const mib = 1024 * 1024

// dialing is one operation against a listener.
type dialing struct {
	ctx     context.Context
	host    host.Host
	options *options
	key     crypto.PrivKey
	remote  peer.ID
	events  event.Subscription
}

func dial(ctx context.Context, h host.Host, o *options, key crypto.PrivKey) (object, error) {
	operations := map[string]func(*dialing) (object, error){
		"ping":      (*dialing).ping,
		"echo":      (*dialing).echo,
		"half":      (*dialing).half,
		"perf":      (*dialing).perf,
		"identify":  (*dialing).identify,
		"push":      (*dialing).push,
		"handshake": (*dialing).handshake,
		"reset":     (*dialing).reset,
		"abort":     (*dialing).abort,
		"hold":      (*dialing).hold,
	}
	operation, ok := operations[o.operation]
	if !ok {
		return nil, fmt.Errorf("unknown operation %s", o.operation)
	}
	events, err := h.EventBus().Subscribe([]any{
		new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerIdentificationFailed),
	})
	if err != nil {
		return nil, err
	}
	c, err := dialConn(ctx, h, o.target)
	if err != nil {
		return nil, err
	}
	return operation(&dialing{ctx: ctx, host: h, options: o, key: key, remote: c.RemotePeer(), events: events})
}

// open opens a stream that fails when the whole operation's time is over.
func (d *dialing) open(id protocol.ID) (network.Stream, error) {
	s, err := d.host.NewStream(d.ctx, d.remote, id)
	if err != nil {
		return nil, err
	}
	deadline, _ := d.ctx.Deadline()
	_ = s.SetDeadline(deadline)
	return s, nil
}

func (d *dialing) ping() (object, error) {
	var micros []int64
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	results := ping.Ping(ctx, d.host, d.remote)
	for len(micros) < d.options.count {
		result, ok := <-results
		if !ok {
			return nil, d.ctx.Err()
		}
		if result.Error != nil {
			return nil, result.Error
		}
		micros = append(micros, result.RTT.Microseconds())
	}
	slices.Sort(micros)
	return object{"count": len(micros), "rttMicrosP50": micros[len(micros)/2]}, nil
}

func (d *dialing) echo() (object, error) {
	data := random(d.options.size)
	total := 0
	for range d.options.count {
		results := make(chan error, d.options.streams)
		for range d.options.streams {
			go func() { results <- d.echoOnce(data) }()
		}
		for range d.options.streams {
			if err := <-results; err != nil {
				return nil, err
			}
			total += len(data)
		}
	}
	return object{"bytes": total, "sha256": sha256Of(data)}, nil
}

func (d *dialing) echoOnce(data []byte) error {
	s, err := d.open("/echo/1.0.0")
	if err != nil {
		return err
	}
	defer s.Close()
	written := make(chan error, 1)
	go func() { written <- writeAndClose(s, data) }()
	hash := sha256.New()
	length, err := io.Copy(hash, s)
	if err := joinFirst(err, <-written); err != nil {
		_ = s.Reset()
		return err
	}
	if hex.EncodeToString(hash.Sum(nil)) != sha256Of(data) {
		return fmt.Errorf("sent %d bytes, %d others came back", len(data), length)
	}
	return nil
}

func (d *dialing) half() (object, error) {
	data := random(d.options.size)
	s, err := d.open("/half/1.0.0")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := writeAndClose(s, data); err != nil {
		return nil, err
	}
	answer, err := readLimited(s)
	if err != nil {
		return nil, err
	}
	if expected := fmt.Sprintf("%s %d", sha256Of(data), len(data)); string(answer) != expected {
		return nil, fmt.Errorf("expected %s, got %s", expected, answer)
	}
	return object{"bytes": len(data), "sha256": sha256Of(data)}, nil
}

func (d *dialing) perf() (object, error) {
	start := time.Now()
	s, err := d.open("/perf/1.0.0")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if _, err := s.Write(binary.BigEndian.AppendUint64(nil, d.options.download)); err != nil {
		return nil, err
	}
	if err := joinFirst(writeZeros(s, d.options.upload), s.CloseWrite()); err != nil {
		return nil, err
	}
	first := time.Time{}
	received := uint64(0)
	for buffer := make([]byte, chunkBytes); err == nil; {
		var n int
		n, err = s.Read(buffer)
		received += uint64(n)
		if first.IsZero() {
			first = time.Now()
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, err
	}
	if received != d.options.download {
		return nil, fmt.Errorf("expected %d bytes, got %d", d.options.download, received)
	}
	return object{
		"uploadMibPerSecond":   mibPerSecond(d.options.upload, first.Sub(start)),
		"downloadMibPerSecond": mibPerSecond(received, time.Since(first)),
	}, nil
}

func (d *dialing) identify() (object, error) {
	for {
		select {
		case <-d.ctx.Done():
			return nil, d.ctx.Err()
		case e := <-d.events.Out():
			switch e := e.(type) {
			case event.EvtPeerIdentificationCompleted:
				return object{
					"agentVersion":    e.AgentVersion,
					"protocolVersion": e.ProtocolVersion,
					"protocols":       e.Protocols,
					"listenAddresses": e.ListenAddrs,
					"observedAddress": e.ObservedAddr,
				}, nil
			case event.EvtPeerIdentificationFailed:
				return nil, e.Reason
			}
		}
	}
}

// push changes our protocols, so that identify push tells the peer.
func (d *dialing) push() (object, error) {
	if _, err := d.identify(); err != nil {
		return nil, err
	}
	d.host.SetStreamHandler("/pushed/1.0.0", func(s network.Stream) { _ = s.Close() })
	select {
	case <-d.ctx.Done():
		return nil, d.ctx.Err()
	case <-time.After(3 * time.Second):
		return object{"pushed": "/pushed/1.0.0"}, nil
	}
}

func (d *dialing) handshake() (object, error) {
	s, err := d.open(nodeInfoProtocol)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	deadline, _ := d.ctx.Deadline()
	info, err := exchangeAsInitiator(s, d.options, d.key, deadline)
	if err != nil {
		return nil, err
	}
	return info.object(), nil
}

func exchangeAsInitiator(s network.Stream, o *options, key crypto.PrivKey, deadline time.Time) (*nodeInfo, error) {
	_ = s.SetDeadline(deadline)
	request, err := sealNodeInfo(o, key)
	if err != nil {
		return nil, err
	}
	if err := writeAndClose(s, request); err != nil {
		return nil, err
	}
	answer, err := readLimited(s)
	if err != nil {
		return nil, err
	}
	info, err := openNodeInfo(o, answer, s.Conn().RemotePeer())
	if err != nil {
		return nil, err
	}
	return info, judgeNetwork(o, info)
}

// reset expects to be reset; a clean end is a failure.
func (d *dialing) reset() (object, error) {
	s, err := d.open("/reset/1.0.0")
	if err != nil {
		return nil, err
	}
	if _, err := s.Write(random(16)); err != nil {
		return nil, err
	}
	if _, err := readLimited(s); errors.Is(err, network.ErrReset) {
		return object{"reset": true}, nil
	} else if err != nil {
		return nil, err
	}
	return nil, errors.New("expected a reset, got the end of the stream")
}

// abort resets an echo in the middle; the connection must live on.
func (d *dialing) abort() (object, error) {
	s, err := d.open("/echo/1.0.0")
	if err != nil {
		return nil, err
	}
	if _, err := s.Write(random(max(1, d.options.size))); err != nil {
		return nil, err
	}
	if _, err := s.Read(make([]byte, 1)); err != nil {
		return nil, err
	}
	if err := s.Reset(); err != nil {
		return nil, err
	}
	if _, err := d.ping(); err != nil {
		return nil, err
	}
	return object{"reset": true}, nil
}

// hold keeps a stream open and silent, and then uses it.
func (d *dialing) hold() (object, error) {
	s, err := d.open("/echo/1.0.0")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for _, text := range []string{"before", "after"} {
		if _, err := s.Write([]byte(text)); err != nil {
			return nil, err
		}
		got := make([]byte, len(text))
		if _, err := io.ReadFull(s, got); err != nil {
			return nil, err
		}
		if string(got) != text {
			return nil, fmt.Errorf("expected %s, got %s", text, got)
		}
		if text == "before" {
			select {
			case <-d.ctx.Done():
				return nil, d.ctx.Err()
			case <-time.After(time.Duration(d.options.seconds) * time.Second):
			}
		}
	}
	return object{"seconds": d.options.seconds}, nil
}

func writeAndClose(s network.Stream, data []byte) error {
	if _, err := io.Copy(s, bytes.NewReader(data)); err != nil {
		return err
	}
	return s.CloseWrite()
}

func random(size int) []byte {
	data := make([]byte, size)
	_, _ = rand.Read(data)
	return data
}

func sha256Of(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func mibPerSecond(size uint64, took time.Duration) float64 {
	if size == 0 {
		return 0
	}
	return math.Round(float64(size)/mib/max(took.Seconds(), 1e-6)*10) / 10
}
