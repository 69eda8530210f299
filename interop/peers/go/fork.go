package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// fork is a change of the network at an instant, and the time before and after it in which both networks are accepted. The zero value is none.
type fork struct {
	networkID string
	at        time.Time
	window    time.Duration
}

// skews are how far the clock of each host is ahead, in milliseconds and separated by commas; they are dealt out in turn.
type skews []time.Duration

func (s *skews) String() string { return fmt.Sprint([]time.Duration(*s)) }

func (s *skews) Set(text string) error {
	for _, word := range strings.Split(text, ",") {
		millis, err := strconv.Atoi(word)
		if err != nil {
			return err
		}
		*s = append(*s, time.Duration(millis)*time.Millisecond)
	}
	return nil
}

// ofHost are the options of the i-th host: its clock is its own.
func (o *options) ofHost(i int) *options {
	own := *o
	if len(o.skews) > 0 {
		own.skews = skews{o.skews[i%len(o.skews)]}
	}
	return &own
}

// sinceFork is how long ago the fork was by our own clock, negative before it; false where there is none.
func (o *options) sinceFork(now time.Time) (time.Duration, bool) {
	if o.fork.networkID == "" {
		return 0, false
	}
	since := now.Sub(o.fork.at)
	if len(o.skews) > 0 {
		since += o.skews[0]
	}
	return since, true
}

// ownNetwork is the network that we say.
func (o *options) ownNetwork(now time.Time) string {
	if since, ok := o.sinceFork(now); ok && since >= 0 {
		return o.fork.networkID
	}
	return o.networkID
}

// acceptedNetworks are both inside the window, else our own alone.
func (o *options) acceptedNetworks(now time.Time) []string {
	if since, ok := o.sinceFork(now); ok && since >= -o.fork.window && since < o.fork.window {
		return []string{o.networkID, o.fork.networkID}
	}
	return []string{o.ownNetwork(now)}
}
