package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/peerstore"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/multiformats/go-multiaddr"
)

const (
	chunkBytes         = 64 * 1024
	exchangeTimeout    = 5 * time.Second
	mismatchCloseDelay = 500 * time.Millisecond
	dialTimeout        = 30 * time.Second
)

// listen serves all test protocols on every host, tells what happens, and takes commands on stdin until it ends.
func listen(ctx context.Context, hosts []host.Host, o *options, keys []crypto.PrivKey) error {
	for i, h := range hosts {
		if err := serveAll(h, o.ofHost(i), keys[i]); err != nil {
			return err
		}
	}
	if o.metrics >= 0 {
		if err := serveMetrics(o.metrics); err != nil {
			return err
		}
	}
	for _, address := range o.dialOnStart {
		go dialAndTell(ctx, hosts[0], address)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			lines <- in.Text()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return nil
			}
			if err := command(ctx, hosts, strings.Fields(line)); err != nil {
				printLine(object{"event": "error", "error": err.Error()})
			}
		}
	}
}

func serveAll(h host.Host, o *options, key crypto.PrivKey) error {
	if err := tellEvents(h); err != nil {
		return err
	}
	serve(h, "/echo/1.0.0", func(s network.Stream) error {
		_, err := io.CopyBuffer(struct{ io.Writer }{s}, struct{ io.Reader }{s}, make([]byte, chunkBytes))
		return err
	})
	serve(h, "/half/1.0.0", func(s network.Stream) error {
		hash := sha256.New()
		length, err := io.Copy(hash, s)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(s, "%x %d", hash.Sum(nil), length)
		return err
	})
	serve(h, "/reset/1.0.0", func(s network.Stream) error {
		n, err := s.Read(make([]byte, 1))
		if err != nil {
			return err
		}
		return fmt.Errorf("reset after %d bytes, as the protocol says", n)
	})
	serve(h, "/perf/1.0.0", servePerf)
	if o.ssv {
		newSSVHandler(h, o, key)
	} else {
		serve(h, nodeInfoProtocol, func(s network.Stream) error { return serveNodeInfo(h, s, o, key) })
	}

	addresses, err := peer.AddrInfoToP2pAddrs(host.InfoFromHost(h))
	if err != nil {
		return err
	}
	printLine(object{"event": "listening", "peerId": h.ID(), "addresses": addresses})
	return nil
}

// command runs one line. A peer id at its end says which of our hosts is meant; the first one is, without it.
func command(ctx context.Context, hosts []host.Host, words []string) error {
	switch {
	case len(words) == 0:
		return nil
	case words[0] == "dial" && len(words) > 1 && len(words) < 5:
		h, err := hostOf(hosts, words[2:])
		if err != nil {
			return err
		}
		delay := 0
		if len(words) == 4 {
			if delay, err = strconv.Atoi(words[3]); err != nil {
				return err
			}
		}
		time.AfterFunc(time.Duration(delay)*time.Microsecond, func() { dialAndTell(ctx, h, words[1]) })
	case words[0] == "close" && (len(words) == 2 || len(words) == 3):
		id, err := peer.Decode(words[1])
		if err != nil {
			return err
		}
		h, err := hostOf(hosts, words[2:])
		if err != nil {
			return err
		}
		go func() { _ = h.Network().ClosePeer(id) }()
	case words[0] == "peers" && len(words) < 3:
		h, err := hostOf(hosts, words[1:])
		if err != nil {
			return err
		}
		peers := map[string]int{}
		for _, c := range h.Network().Conns() {
			peers[c.RemotePeer().String()]++
		}
		printLine(object{"event": "peers", "self": h.ID(), "peers": peers})
	default:
		return fmt.Errorf("unknown command %s", strings.Join(words, " "))
	}
	return nil
}

func hostOf(hosts []host.Host, words []string) (host.Host, error) {
	if len(words) == 0 {
		return hosts[0], nil
	}
	for _, h := range hosts {
		if h.ID().String() == words[0] {
			return h, nil
		}
	}
	return nil, fmt.Errorf("no host of ours is %s", words[0])
}

func dialAndTell(ctx context.Context, h host.Host, address string) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c, err := dialConn(ctx, h, address)
	if err != nil {
		printLine(object{"event": "dial-failed", "self": h.ID(), "address": address, "error": err.Error()})
		return
	}
	printLine(object{"event": "dialed", "self": h.ID(), "address": address, "peerId": c.RemotePeer(), "connectionId": c.ID()})
}

// dialConn dials an address that names its peer. The swarm gives back a live connection instead, if there is one.
func dialConn(ctx context.Context, h host.Host, address string) (network.Conn, error) {
	m, err := multiaddr.NewMultiaddr(address)
	if err != nil {
		return nil, err
	}
	info, err := peer.AddrInfoFromP2pAddr(m)
	if err != nil {
		return nil, err
	}
	h.Peerstore().AddAddrs(info.ID, info.Addrs, peerstore.TempAddrTTL)
	return h.Network().DialPeer(network.WithForceDirectDial(ctx, "asked for"), info.ID)
}

func tellEvents(h host.Host) error {
	tell := func(name string) func(network.Network, network.Conn) {
		return func(_ network.Network, c network.Conn) {
			printLine(object{
				"event":        name,
				"self":         h.ID(),
				"peerId":       c.RemotePeer(),
				"direction":    directionOf(c),
				"connectionId": c.ID(),
				"earlyMuxer":   c.ConnState().UsedEarlyMuxerNegotiation,
			})
		}
	}
	h.Network().Notify(&network.NotifyBundle{ConnectedF: tell("connected"), DisconnectedF: tell("disconnected")})

	subscription, err := h.EventBus().Subscribe([]any{
		new(event.EvtPeerIdentificationCompleted), new(event.EvtPeerProtocolsUpdated),
	})
	if err != nil {
		return err
	}
	go func() {
		for e := range subscription.Out() {
			switch e := e.(type) {
			case event.EvtPeerIdentificationCompleted:
				printLine(object{
					"event":           "identified",
					"self":            h.ID(),
					"peerId":          e.Peer,
					"agentVersion":    e.AgentVersion,
					"protocols":       e.Protocols,
					"listenAddresses": e.ListenAddrs,
				})
			case event.EvtPeerProtocolsUpdated: // what a push tells
				protocols, _ := h.Peerstore().GetProtocols(e.Peer)
				agent, _ := h.Peerstore().Get(e.Peer, "AgentVersion")
				printLine(object{
					"event":           "identified",
					"self":            h.ID(),
					"peerId":          e.Peer,
					"agentVersion":    agent,
					"protocols":       protocols,
					"listenAddresses": h.Peerstore().Addrs(e.Peer),
				})
			}
		}
	}()
	return nil
}

// serve closes the stream after the handler, or resets it when the handler fails.
func serve(h host.Host, id protocol.ID, handler func(network.Stream) error) {
	h.SetStreamHandler(id, func(s network.Stream) {
		if err := handler(s); err != nil {
			_ = s.Reset()
			return
		}
		_ = s.Close()
	})
}

func servePerf(s network.Stream) error {
	header := make([]byte, 8)
	if _, err := io.ReadFull(s, header); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	return writeZeros(s, binary.BigEndian.Uint64(header))
}

func writeZeros(w io.Writer, size uint64) error {
	zeros := make([]byte, chunkBytes)
	for size > 0 {
		n, err := w.Write(zeros[:min(size, chunkBytes)])
		if err != nil {
			return err
		}
		size -= uint64(n)
	}
	return nil
}

// serveNodeInfo answers a good node info, and one of another network, too: then the peer learns why the connection is closed.
func serveNodeInfo(h host.Host, s network.Stream, o *options, key crypto.PrivKey) error {
	told := object{"event": "handshake", "self": h.ID(), "peerId": s.Conn().RemotePeer(), "direction": "inbound"}
	info, err := exchangeAsResponder(s, o, key)
	var answer object
	if err == nil {
		answer = info.object()
		answer["ok"] = true
	} else {
		answer = failed(err)
	}
	for k, v := range answer {
		told[k] = v
	}
	printLine(told)
	if reasonOf(err) == "network-mismatch" {
		time.AfterFunc(mismatchCloseDelay, func() {
			tellClosing(h, s.Conn().RemotePeer(), err, 1)
			_ = s.Conn().Close()
		})
		return nil
	}
	return err
}

// exchangeAsResponder answers whatever is a node info, and judges its network then.
func exchangeAsResponder(s network.Stream, o *options, key crypto.PrivKey) (*nodeInfo, error) {
	_ = s.SetDeadline(time.Now().Add(exchangeTimeout))
	request, err := readLimited(s)
	if err != nil {
		return nil, err
	}
	info, err := openNodeInfo(o, request, s.Conn().RemotePeer())
	if err != nil {
		return nil, err
	}
	answer, err := sealNodeInfo(o, key)
	if err != nil {
		return nil, err
	}
	if err := writeAndClose(s, answer); err != nil {
		return nil, err
	}
	return info, judgeNetwork(o, info)
}

// tellClosing says that we are about to close connections to a peer of our own accord, how many, and why.
func tellClosing(h host.Host, id peer.ID, why error, connections int) {
	told := failed(why)
	delete(told, "ok")
	told["event"], told["self"], told["peerId"], told["connections"] = "closing", h.ID(), id, connections
	printLine(told)
}

// joinFirst is the first error there is.
func joinFirst(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
