package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/core/record"
)

const (
	nodeInfoProtocol protocol.ID = "/ssv/info/0.0.1"
	nodeInfoLimit                = 64 * 1024
)

// nodeInfo is the node-info record, sealed and opened by go-libp2p's record package.
type nodeInfo struct {
	NetworkID string
	Metadata  *metadata
}

type metadata struct {
	NodeVersion, ExecutionNode, ConsensusNode, Subnets string
}

type entries struct {
	Entries []string
}

func (*nodeInfo) Domain() string { return "ssv" }
func (*nodeInfo) Codec() []byte  { return []byte("ssv/nodeinfo") }

func (n *nodeInfo) MarshalRecord() ([]byte, error) {
	m, err := json.Marshal(n.Metadata)
	if err != nil {
		return nil, err
	}
	return json.Marshal(entries{[]string{"", n.NetworkID, string(m)}})
}

func (n *nodeInfo) UnmarshalRecord(data []byte) error {
	var e entries
	if err := json.Unmarshal(data, &e); err != nil {
		return &failure{reason: "invalid-node-info", err: err}
	}
	if len(e.Entries) < 2 {
		return &failure{reason: "invalid-node-info", err: fmt.Errorf("expected at least 2 entries, got %d", len(e.Entries))}
	}
	n.NetworkID = e.Entries[1]
	if len(e.Entries) > 2 {
		n.Metadata = &metadata{}
		if err := json.Unmarshal([]byte(e.Entries[2]), n.Metadata); err != nil {
			return &failure{reason: "invalid-node-info", err: err}
		}
	}
	return nil
}

func (n *nodeInfo) object() object {
	return object{"networkId": n.NetworkID, "metadata": n.Metadata}
}

// sealNodeInfo seals our own node info; with --wrong-signer another key than the host's signs it.
func sealNodeInfo(o *options, key crypto.PrivKey) ([]byte, error) {
	if o.wrongSigner {
		var err error
		if key, err = (&options{keyType: "ed25519"}).identity(); err != nil {
			return nil, err
		}
	}
	own := &nodeInfo{NetworkID: o.ownNetwork(time.Now()), Metadata: &metadata{
		NodeVersion:   "go-libp2p-peer" + strings.Repeat("x", o.pad),
		ExecutionNode: "none",
		ConsensusNode: "none",
		Subnets:       o.subnets,
	}}
	envelope, err := record.Seal(own, key)
	if err != nil {
		return nil, err
	}
	return envelope.Marshal()
}

// openNodeInfo opens and checks what the peer sent: envelope, record, and, unless we play an SSV node, payload type and signer. The network is
// judged by judgeNetwork.
func openNodeInfo(o *options, data []byte, remote peer.ID) (*nodeInfo, error) {
	if len(data) == 0 {
		return nil, &failure{reason: "no-answer", err: errors.New("the stream ended before the first byte")}
	}
	info := &nodeInfo{}
	envelope, err := record.ConsumeTypedEnvelope(data, info)
	if err != nil {
		var f *failure
		if errors.As(err, &f) {
			return nil, err
		}
		return nil, &failure{reason: "invalid-envelope", err: fmt.Errorf("%d bytes: %w", len(data), err)}
	}
	if !o.ssv {
		if string(envelope.PayloadType) != string(info.Codec()) {
			return nil, &failure{reason: "invalid-envelope", err: fmt.Errorf("unexpected payload type %q", envelope.PayloadType)}
		}
		signer, err := peer.IDFromPublicKey(envelope.PublicKey)
		if err != nil {
			return nil, err
		}
		if signer != remote {
			return nil, &failure{reason: "wrong-signer", err: fmt.Errorf("signed by %s, not by %s", signer, remote)}
		}
	}
	return info, nil
}

// judgeNetwork compares the peer's network with those that we accept now.
func judgeNetwork(o *options, info *nodeInfo) error {
	accepted := o.acceptedNetworks(time.Now())
	if slices.Contains(accepted, info.NetworkID) {
		return nil
	}
	return &failure{
		reason:  "network-mismatch",
		details: info.object(),
		err:     fmt.Errorf("their network is %s, ours is %s", info.NetworkID, strings.Join(accepted, " or ")),
	}
}

// readLimited reads to the end of the stream, and no more than a node info may have.
func readLimited(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, nodeInfoLimit+1))
	if err == nil && len(data) > nodeInfoLimit {
		return nil, &failure{reason: "too-large", err: fmt.Errorf("expected at most %d bytes, got more", nodeInfoLimit)}
	}
	return data, err
}
