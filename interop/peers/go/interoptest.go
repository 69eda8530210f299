package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

const (
	addressKey   = "listenerAddr"
	redisRetry   = 100 * time.Millisecond
	interopLimit = 180 * time.Second
)

// interopTest plays one side of a public transport test, as its environment variables say.
func interopTest(ctx context.Context, h host.Host) error {
	ctx, cancel := context.WithTimeout(ctx, interopLimit)
	defer cancel()
	redis, err := dialRedis(ctx, os.Getenv("redis_addr"))
	if err != nil {
		return err
	}
	defer redis.Close()
	if os.Getenv("is_dialer") != "true" {
		if _, err := redisCommand(redis, "RPUSH", addressKey, publicAddress(h)); err != nil {
			return err
		}
		<-ctx.Done()
		return ctx.Err()
	}
	reply, err := redisCommand(redis, "BLPOP", addressKey, strconv.Itoa(int(interopLimit.Seconds())))
	if err != nil {
		return err
	}
	if len(reply) != 2 {
		return fmt.Errorf("expected a key and a value, got %q", reply)
	}
	start := time.Now()
	c, err := dialConn(ctx, h, reply[1])
	if err != nil {
		return err
	}
	result := <-ping.Ping(ctx, h, c.RemotePeer())
	if result.Error != nil {
		return result.Error
	}
	printLine(object{
		"handshakePlusOneRTTMillis": float64(time.Since(start).Microseconds()) / 1000,
		"pingRTTMilllis":            float64(result.RTT.Microseconds()) / 1000,
	})
	return nil
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

type redisConn struct {
	net.Conn
	in *bufio.Reader
}

func dialRedis(ctx context.Context, address string) (*redisConn, error) {
	for {
		c, err := net.Dial("tcp", address)
		if err == nil {
			return &redisConn{c, bufio.NewReader(c)}, nil
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(redisRetry):
		}
	}
}

// redisCommand runs one command; its reply is a list of texts, of one for most.
func redisCommand(c *redisConn, words ...string) ([]string, error) {
	request := fmt.Sprintf("*%d\r\n", len(words))
	for _, word := range words {
		request += fmt.Sprintf("$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(c, request); err != nil {
		return nil, err
	}
	return c.reply()
}

func (c *redisConn) reply() ([]string, error) {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case strings.HasPrefix(line, "*"):
		count, err := strconv.Atoi(line[1:])
		if err != nil || count < 0 {
			return nil, fmt.Errorf("redis: %s", line)
		}
		var all []string
		for range count {
			texts, err := c.reply()
			if err != nil {
				return nil, err
			}
			all = append(all, texts...)
		}
		return all, nil
	case strings.HasPrefix(line, "$"):
		length, err := strconv.Atoi(line[1:])
		if err != nil || length < 0 {
			return nil, fmt.Errorf("redis: %s", line)
		}
		text := make([]byte, length+2)
		_, err = io.ReadFull(c.in, text)
		return []string{string(text[:length])}, err
	case strings.HasPrefix(line, "-"):
		return nil, fmt.Errorf("redis: %s", line)
	}
	return []string{line[1:]}, nil
}
