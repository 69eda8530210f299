package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
)

// measure makes the exchanges of a public performance test, one after the other on one connection, and prints what they took.
func measure(ctx context.Context, h host.Host, remote peer.ID) error {
	text := ""
	for _, m := range []struct {
		name, unit, count string
		up, down          uint64
		decimals          int
	}{
		{"upload", "Gbps", "UPLOAD_ITERATIONS", number("UPLOAD_BYTES", 1<<30), 0, 2},
		{"download", "Gbps", "DOWNLOAD_ITERATIONS", 0, number("DOWNLOAD_BYTES", 1<<30), 2},
		{"latency", "ms", "LATENCY_ITERATIONS", 1, 1, 3},
	} {
		var samples []float64
		for range number(m.count, 10) {
			d := dialing{ctx: ctx, host: h, options: &options{upload: m.up, download: m.down}, remote: remote}
			start := time.Now()
			if _, err := d.perf(); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			took := time.Since(start)
			if m.unit == "ms" {
				samples = append(samples, millis(took))
			} else {
				samples = append(samples, float64(max(m.up, m.down))*8/float64(took.Nanoseconds()))
			}
		}
		text += section(m.name, m.unit, m.decimals, samples)
	}
	fmt.Print(text)
	return nil
}

func number(name string, absent uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return absent
}

func section(name, unit string, decimals int, samples []float64) string {
	slices.Sort(samples)
	q1, q3 := quantile(samples, 0.25), quantile(samples, 0.75)
	reach := 1.5 * (q3 - q1)
	var inner, outliers []float64
	for _, s := range samples {
		if s < q1-reach || s > q3+reach {
			outliers = append(outliers, s)
		} else {
			inner = append(inner, s)
		}
	}
	one := func(x float64) string { return strconv.FormatFloat(x, 'f', decimals, 64) }
	list := func(all []float64) string {
		var texts []string
		for _, x := range all {
			texts = append(texts, one(x))
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	return fmt.Sprintf("%s:\n  iterations: %d\n  min: %s\n  q1: %s\n  median: %s\n  q3: %s\n  max: %s\n  outliers: %s\n  samples: %s\n  unit: %s\n",
		name, len(samples), one(slices.Min(inner)), one(q1), one(quantile(samples, 0.5)), one(q3), one(slices.Max(inner)),
		list(outliers), list(samples), unit)
}

func quantile(sorted []float64, part float64) float64 {
	place := part * float64(len(sorted)-1)
	below, above := sorted[int(place)], sorted[int(math.Ceil(place))]
	return below + (place-math.Floor(place))*(above-below)
}
