// SPDX-License-Identifier: Apache-2.0

// Package dialogue is what the programs of both versions share: arguments and lines (../../README.md).
package dialogue

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Args are the words of the command line.
type Args struct {
	Server   bool
	words    map[string]string
	Identity string
	Key      []byte
	Suites   []string
}

// Has tells whether an argument was given.
func (a *Args) Has(name string) bool { _, has := a.words[name]; return has }

// Text is the argument's value.
func (a *Args) Text(name string) string { return a.words[name] }

// Number is the argument's value, 0 without it.
func (a *Args) Number(name string) int { n, _ := strconv.Atoi(a.words[name]); return n }

// Address is the server's.
func (a *Args) Address() *net.UDPAddr {
	return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: a.Number("port")}
}

// Socket is the client's, bound to its port if it was given one.
func (a *Args) Socket() net.PacketConn {
	sock, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: a.Number("bind")})
	Check(err)
	return sock
}

// Certificate is the own one; it ends the program if it cannot be read.
func (a *Args) Certificate() tls.Certificate {
	pair, err := tls.LoadX509KeyPair(a.Text("cert"), a.Text("key"))
	Check(err)
	return pair
}

// Authorities are the certificates of ca.
func (a *Args) Authorities() *x509.CertPool {
	pem, err := os.ReadFile(a.Text("ca"))
	Check(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	return pool
}

// Check ends the program on an error.
func Check(err error) {
	if err != nil {
		fmt.Printf("failed %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
		os.Exit(1)
	}
}

// Parse reads the command line.
func Parse() *Args {
	a := &Args{Server: os.Args[1] == "server", words: map[string]string{}}
	for _, arg := range os.Args[2:] {
		name, value, _ := strings.Cut(arg, "=")
		a.words[name] = value
	}
	if psk, has := a.words["psk"]; has {
		identity, key, _ := strings.Cut(psk, ":")
		a.Identity = identity
		a.Key, _ = hex.DecodeString(key)
	}
	if a.Has("psk") && !a.Has("suites") { // neither version has a list for a key
		a.Suites = []string{"TLS_PSK_WITH_AES_128_CCM_8", "TLS_PSK_WITH_AES_128_GCM_SHA256"}
	}
	if a.Has("suites") {
		a.Suites = strings.Split(a.Text("suites"), ",")
	}
	return a
}

// Session is a connection of either version.
type Session interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
}

// Connect makes a session and says what it came to; again: the one before is offered.
type Connect func(again bool) (Session, string)

// RunClient obeys the lines of standard input.
func RunClient(connect Connect) {
	session, said := connect(false)
	fmt.Println("connected", said)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "echo":
			size, _ := strconv.Atoi(rest)
			fmt.Println(echo(session, size))
		case "wait":
			session.SetReadDeadline(time.Now().Add(40 * time.Second))
			for buf := make([]byte, 20000); ; {
				if _, err := session.Read(buf); err != nil {
					fmt.Println(readError(err))
					break
				}
			}
		case "resume":
			session.Close()
			session, said = connect(true)
			fmt.Println("connected", said)
		case "close":
			Check(session.Close())
			fmt.Println("closed")
			return
		}
	}
}

func readError(err error) string {
	if errors.Is(err, io.EOF) {
		return "eof"
	}
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "silence"
	}
	return "failed " + err.Error()
}

func echo(session Session, size int) string {
	sent, got := make([]byte, size), make([]byte, 20000)
	for i := range sent {
		sent[i] = byte('a' + (i+12)%26)
	}
	if _, err := session.Write(sent); err != nil {
		return "failed " + err.Error()
	}
	session.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, err := session.Read(got)
	if err != nil {
		return readError(err)
	}
	if !bytes.Equal(sent, got[:n]) {
		return fmt.Sprint("other ", n)
	}
	return fmt.Sprint("echo ", n)
}

// RunServer serves one session.
func RunServer(listening net.Addr, accept func() (Session, string)) {
	fmt.Println("listening", listening)
	session, said := accept()
	fmt.Println("connected", said)
	var closing atomic.Bool
	go func() {
		bufio.NewScanner(os.Stdin).Scan()
		closing.Store(true)
		session.Close()
		fmt.Println("closed")
		os.Exit(0)
	}()
	for buf := make([]byte, 20000); ; {
		n, err := session.Read(buf)
		if closing.Load() {
			select {} // the other one ends the program when its alert is out
		}
		if err != nil {
			fmt.Println(readError(err))
			return
		}
		session.Write(buf[:n])
	}
}

// Memory is a session store for either version.
type Memory[S any] map[string]S

// Set keeps a session.
func (m Memory[S]) Set(key []byte, s S) error { m[string(key)] = s; return nil }

// Get finds a session.
func (m Memory[S]) Get(key []byte) (S, error) { return m[string(key)], nil }

// Del forgets a session.
func (m Memory[S]) Del(key []byte) error { delete(m, string(key)); return nil }
