package main

import (
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/sec"
	"github.com/libp2p/go-libp2p/p2p/host/blank"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/libp2p/go-libp2p/p2p/host/peerstore/pstoremem"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/net/upgrader"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/multiformats/go-multiaddr"
)

// newWorkHost is a host as usual; for connections one that asks nothing of a new connection, which libp2p.New has no option for.
func newWorkHost(o *options) (host.Host, error) {
	key, err := o.identity()
	if err != nil {
		return nil, err
	}
	if o.kind != "connections" {
		return newHost(o, key)
	}
	return newBareHost(o, key)
}

// newBareHost has the same transport, security and muxer, but no identify.
func newBareHost(o *options, key crypto.PrivKey) (host.Host, error) {
	id, err := peer.IDFromPrivateKey(key)
	if err != nil {
		return nil, err
	}
	store, err := pstoremem.NewPeerstore()
	if err != nil {
		return nil, err
	}
	if err := joinFirst(store.AddPrivKey(id, key), store.AddPubKey(id, key.GetPublic())); err != nil {
		return nil, err
	}
	bus := eventbus.NewBus()
	limits := &network.NullResourceManager{}
	net, err := swarm.NewSwarm(id, store, bus, swarm.WithResourceManager(limits))
	if err != nil {
		return nil, err
	}
	muxers := []upgrader.StreamMuxer{{ID: yamux.ID, Muxer: yamux.DefaultTransport}}
	security, err := noise.New(noise.ID, key, muxers)
	if err != nil {
		return nil, err
	}
	upgrades, err := upgrader.New([]sec.SecureTransport{security}, muxers, nil, limits, nil)
	if err != nil {
		return nil, err
	}
	transport, err := tcp.NewTCPTransport(upgrades, limits, nil)
	if err != nil {
		return nil, err
	}
	if err := net.AddTransport(transport); err != nil {
		return nil, err
	}
	if o.command == "listen" {
		for _, address := range o.listen {
			m, err := multiaddr.NewMultiaddr(address)
			if err != nil {
				return nil, err
			}
			if err := net.Listen(m); err != nil {
				return nil, err
			}
		}
	}
	return blankhost.NewBlankHost(net, blankhost.WithEventBus(bus)), nil
}
