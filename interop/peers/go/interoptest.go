package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

const (
	interopLimit = 180 * time.Second
	addressPoll  = 200 * time.Millisecond
)

// contract is how a public test talks to its two sides: the old contract of libp2p/test-plans, or that of libp2p/unified-testing.
type contract struct {
	isDialer, ip, redis string // names of environment variables
	key                 string // under which the address is in redis
	unified, perf       bool
}

// contractOf is the one whose variables are set. Only the new one has performance tests.
func contractOf(perf bool) contract {
	if os.Getenv("IS_DIALER") == "" {
		return contract{isDialer: "is_dialer", ip: "ip", redis: "redis_addr", key: "listenerAddr"}
	}
	return contract{
		isDialer: "IS_DIALER", ip: "LISTENER_IP", redis: "REDIS_ADDR",
		key: os.Getenv("TEST_KEY") + "_listener_multiaddr", unified: true, perf: perf,
	}
}

// interopTest plays one side of a public test, as its environment variables say.
func interopTest(ctx context.Context, h host.Host, con contract) error {
	ctx, cancel := context.WithTimeout(ctx, interopLimit)
	defer cancel()
	redis, err := dialRedis(ctx, os.Getenv(con.redis))
	if err != nil {
		return err
	}
	defer redis.Close()
	if os.Getenv(con.isDialer) != "true" {
		if con.perf {
			serve(h, "/perf/1.0.0", servePerf)
		}
		if err := con.publish(redis, publicAddress(h)); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}
	address, err := con.address(ctx, redis)
	if err != nil {
		return err
	}
	start := time.Now()
	c, err := dialConn(ctx, h, address)
	if err != nil {
		return err
	}
	if con.perf {
		return measure(ctx, h, c.RemotePeer())
	}
	result := <-ping.Ping(ctx, h, c.RemotePeer())
	if result.Error != nil {
		return result.Error
	}
	took, rtt := millis(time.Since(start)), millis(result.RTT)
	if con.unified {
		fmt.Printf("latency:\n  handshake_plus_one_rtt: %.3f\n  ping_rtt: %.3f\n  unit: ms\n", took, rtt)
		return nil
	}
	printLine(object{"handshakePlusOneRTTMillis": took, "pingRTTMilllis": rtt})
	return nil
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// publish passes on the address: in a list, but for performance tests, where it is a text.
func (con contract) publish(redis *redisConn, address string) error {
	if con.perf {
		_, err := redisCommand(redis, "SET", con.key, address)
		return err
	}
	if con.unified {
		if _, err := redisCommand(redis, "DEL", con.key); err != nil {
			return err
		}
	}
	_, err := redisCommand(redis, "RPUSH", con.key, address)
	return err
}

// address waits for what publish passes on.
func (con contract) address(ctx context.Context, redis *redisConn) (string, error) {
	for con.perf {
		reply, err := redisCommand(redis, "GET", con.key)
		if err != nil {
			return "", err
		}
		if len(reply) == 1 {
			return reply[0], nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(addressPoll):
		}
	}
	reply, err := redisCommand(redis, "BLPOP", con.key, strconv.Itoa(int(interopLimit.Seconds())))
	if err != nil {
		return "", err
	}
	if len(reply) != 2 {
		return "", fmt.Errorf("expected a key and a value, got %q", reply)
	}
	return reply[1], nil
}

// publicAddress is one that is not loopback, if there is one.
func publicAddress(h host.Host) string {
	address := ""
	for _, a := range h.Addrs() {
		if address == "" || strings.Contains(address, "/127.") {
			address = a.String()
		}
	}
	return address + "/p2p/" + h.ID().String()
}
