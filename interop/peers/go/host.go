package main

import (
	"runtime/debug"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
)

const module = "github.com/libp2p/go-libp2p"

// newHost is a go-libp2p host with TCP, Noise and Yamux, its resource limits lifted unless told otherwise.
func newHost(o *options, key crypto.PrivKey) (host.Host, error) {
	opts := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.UserAgent("go-libp2p/" + version()),
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		libp2p.DisableRelay(),
		libp2p.Ping(true),
	}
	if o.metrics >= 0 {
		counting, err := withMetrics()
		if err != nil {
			return nil, err
		}
		opts = append(opts, counting...)
	} else {
		opts = append(opts, libp2p.DisableMetrics())
	}
	if o.earlyMuxer {
		opts = append(opts, libp2p.Security(noise.ID, noise.New))
	} else {
		opts = append(opts, libp2p.Security(noise.ID, noiseWithoutMuxers))
	}
	if !o.stockLimits && o.metrics < 0 {
		opts = append(opts, libp2p.ResourceManager(&network.NullResourceManager{}))
	}
	if o.command != "dial" {
		opts = append(opts, libp2p.ListenAddrStrings(o.listen...))
	} else {
		opts = append(opts, libp2p.NoListenAddrs)
	}
	return libp2p.New(opts...)
}

func noiseWithoutMuxers(id protocol.ID, key crypto.PrivKey) (*noise.Transport, error) {
	return noise.New(id, key, nil)
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == module {
				return dep.Version
			}
		}
	}
	return "unknown"
}
