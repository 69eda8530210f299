package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

const redisRetry = 100 * time.Millisecond

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

// redisCommand runs one command; its reply is a list of texts, of one for most, of none where there is nothing.
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
		if length == -1 {
			return nil, nil
		}
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
