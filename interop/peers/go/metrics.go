package main

import (
	"fmt"
	"net"
	"net/http"
	"strconv"

	"github.com/libp2p/go-libp2p"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

// withMetrics are the options of a host that counts swarm, identify and resource manager in Prometheus' default registerer. Its resource
// manager has no limits: what is counted is what is used.
func withMetrics() ([]libp2p.Option, error) {
	rcmgr.MustRegisterWith(prometheus.DefaultRegisterer)
	reporter, err := rcmgr.NewStatsTraceReporter()
	if err != nil {
		return nil, err
	}
	manager, err := rcmgr.NewResourceManager(rcmgr.NewFixedLimiter(rcmgr.InfiniteLimits), rcmgr.WithTraceReporter(reporter))
	if err != nil {
		return nil, err
	}
	return []libp2p.Option{libp2p.PrometheusRegisterer(prometheus.DefaultRegisterer), libp2p.ResourceManager(manager)}, nil
}

// serveMetrics serves /metrics on this port of loopback, 0 for any, and says where.
func serveMetrics(port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("cannot serve metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		families, err := prometheus.DefaultGatherer.Gather()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		for _, family := range families {
			if _, err := expfmt.MetricFamilyToText(w, family); err != nil {
				return
			}
		}
	})
	go func() { _ = http.Serve(listener, mux) }()
	printLine(object{"event": "metrics", "url": fmt.Sprintf("http://%s/metrics", listener.Addr())})
	return nil
}
