package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

const (
	ssvWait           = 20 * time.Second
	ssvTick           = time.Second
	ssvRequestTimeout = 10 * time.Second
)

var errIgnored = errors.New("ignored connection")

// ssvHandler decides after each connect notification as an SSV node does: one handling per peer at a time; inbound waits for the peer's
// request, outbound sends ours; another connection meanwhile is ignored; a failure closes all connections to the peer.
type ssvHandler struct {
	host    host.Host
	options *options
	key     crypto.PrivKey

	lock  sync.Mutex
	peers map[peer.ID]*ssvPeer
}

type ssvPeer struct {
	handling bool
	// connected or connecting: then a further connection is ignored, until the last one to the peer has closed.
	known         bool
	lastHandshake time.Time
	lastError     error
	info          *nodeInfo
}

func newSSVHandler(h host.Host, o *options, key crypto.PrivKey) {
	handler := &ssvHandler{host: h, options: o, key: key, peers: map[peer.ID]*ssvPeer{}}
	h.SetStreamHandler(nodeInfoProtocol, handler.serve)
	h.Network().Notify(&network.NotifyBundle{
		ConnectedF: func(_ network.Network, c network.Conn) {
			notified := time.Now()
			go handler.connected(c, notified)
		},
		DisconnectedF: func(n network.Network, c network.Conn) {
			if n.Connectedness(c.RemotePeer()) != network.Connected {
				handler.update(c.RemotePeer(), func(p *ssvPeer) { p.known = false })
			}
		},
	})
}

func (h *ssvHandler) update(id peer.ID, change func(*ssvPeer)) {
	h.lock.Lock()
	defer h.lock.Unlock()
	p, ok := h.peers[id]
	if !ok {
		p = &ssvPeer{}
		h.peers[id] = p
	}
	change(p)
}

func (h *ssvHandler) connected(c network.Conn, notified time.Time) {
	missed, err := h.accept(c, notified)
	told := object{
		"event":        "ssv",
		"self":         h.host.ID(),
		"peerId":       c.RemotePeer(),
		"direction":    directionOf(c),
		"connectionId": c.ID(),
		"millis":       time.Since(notified).Milliseconds(),
		"missed":       missed,
	}
	switch {
	case err == nil:
		h.update(c.RemotePeer(), func(p *ssvPeer) { p.known = true })
		told["state"] = "connected"
	case errors.Is(err, errIgnored):
		told["state"] = "ignored"
	default:
		told["state"], told["error"] = "failed", err.Error()
	}
	printLine(told)
	if told["state"] == "failed" {
		tellClosing(h.host, c.RemotePeer(), err, len(h.host.Network().ConnsToPeer(c.RemotePeer())))
		_ = h.host.Network().ClosePeer(c.RemotePeer())
	}
}

// accept says, too, whether a request was served before the wait for it began.
func (h *ssvHandler) accept(c network.Conn, notified time.Time) (bool, error) {
	id := c.RemotePeer()
	ignored := false
	h.update(id, func(p *ssvPeer) {
		ignored = p.handling
		p.handling = true
	})
	if ignored {
		return false, errIgnored
	}
	defer h.update(id, func(p *ssvPeer) { p.handling = false })
	h.update(id, func(p *ssvPeer) { ignored = p.known })
	if ignored {
		return false, errIgnored
	}
	if c.Stat().Direction == network.DirInbound {
		return h.awaitRequest(c, notified)
	}
	h.update(id, func(p *ssvPeer) { p.known = true })
	info, err := h.request(id)
	h.finished(id, "outbound", info, err)
	return false, err
}

func (h *ssvHandler) awaitRequest(c network.Conn, notified time.Time) (bool, error) {
	start := time.Now()
	missed := false
	h.update(c.RemotePeer(), func(p *ssvPeer) {
		missed = p.lastHandshake.After(notified) && !p.lastHandshake.After(start)
	})
	deadline := time.NewTimer(ssvWait)
	ticker := time.NewTicker(ssvTick)
	defer deadline.Stop()
	defer ticker.Stop()
	for {
		select {
		case <-deadline.C:
			return missed, &failure{reason: "no-request", err: errors.New("the peer has not sent a request")}
		case <-ticker.C:
			var seen ssvPeer
			h.update(c.RemotePeer(), func(p *ssvPeer) { seen = *p })
			if seen.lastHandshake.After(start) {
				if seen.lastError != nil {
					return missed, seen.lastError
				}
				return missed, h.checkSubnets(seen.info)
			}
			if h.host.Network().Connectedness(c.RemotePeer()) != network.Connected {
				return missed, &failure{reason: "lost-connection", err: errors.New("lost connection")}
			}
		}
	}
}

// checkSubnets wants a subnet in common, unless we have none.
func (h *ssvHandler) checkSubnets(info *nodeInfo) error {
	if info == nil || info.Metadata == nil {
		return errors.New("the peer told no subnets")
	}
	own, theirs := h.options.subnets, info.Metadata.Subnets
	if len(theirs) != len(own) {
		return errors.New("the peer's subnets have another length than ours")
	}
	hasOwn := false
	for i := range own {
		ours := hexDigit(own[i])
		hasOwn = hasOwn || ours != 0
		if ours&hexDigit(theirs[i]) != 0 {
			return nil
		}
	}
	if hasOwn {
		return errors.New("the peer shares no subnet with us")
	}
	return nil
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 0
}

// request sends our node info on whichever connection the swarm picks.
func (h *ssvHandler) request(id peer.ID) (*nodeInfo, error) {
	ctx, cancel := context.WithTimeout(context.Background(), ssvRequestTimeout)
	defer cancel()
	s, err := h.host.NewStream(ctx, id, nodeInfoProtocol)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return exchangeAsInitiator(s, h.options, h.key, time.Now().Add(ssvRequestTimeout))
}

func (h *ssvHandler) serve(s network.Stream) {
	info, err := exchangeAsResponder(s, h.options, h.key)
	h.finished(s.Conn().RemotePeer(), "inbound", info, err)
	_ = s.Close()
}

func (h *ssvHandler) finished(id peer.ID, direction string, info *nodeInfo, err error) {
	h.update(id, func(p *ssvPeer) {
		p.lastHandshake = time.Now()
		p.lastError = err
		if info != nil {
			p.info = info
		}
	})
	told := object{"ok": true}
	if err != nil {
		told = failed(err)
	} else {
		for k, v := range info.object() {
			told[k] = v
		}
	}
	told["event"], told["self"], told["peerId"], told["direction"] = "handshake", h.host.ID(), id, direction
	printLine(told)
}

func directionOf(c network.Conn) string {
	if c.Stat().Direction == network.DirInbound {
		return "inbound"
	}
	return "outbound"
}
