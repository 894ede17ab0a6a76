// SPDX-License-Identifier: Apache-2.0

// The program of pion/dtls v3.
package main

import (
	"context"
	"time"

	"github.com/pion/dtls/v3"

	"dtlsshim.test/interop/pion/dialogue"
)

var (
	args  = dialogue.Parse()
	store = dialogue.Memory[dtls.Session]{}
)

func suites() (ids []dtls.CipherSuiteID) {
	for _, name := range args.Suites {
		for id := range 0x10000 {
			if dtls.CipherSuiteName(dtls.CipherSuiteID(id)) == name {
				ids = append(ids, dtls.CipherSuiteID(id))
			}
		}
	}
	return ids
}

func options() (list []dtls.Option) {
	if len(args.Suites) > 0 {
		list = append(list, dtls.WithCipherSuites(suites()...))
	}
	if args.Has("psk") {
		list = append(list, dtls.WithPSK(func([]byte) ([]byte, error) { return args.Key, nil }),
			dtls.WithPSKIdentityHint([]byte(args.Identity)))
	}
	if args.Has("cert") {
		list = append(list, dtls.WithCertificates(args.Certificate()))
	}
	if args.Has("ca") {
		list = append(list, dtls.WithRootCAs(args.Authorities()), dtls.WithServerName("localhost"))
	}
	if args.Has("cid") {
		list = append(list, dtls.WithConnectionIDGenerator(dtls.RandomCIDGenerator(args.Number("cid"))))
		if args.Number("cid") == 0 {
			list = append(list, dtls.WithConnectionIDGenerator(dtls.OnlySendCIDGenerator()))
		}
	}
	if args.Text("ems") == "0" {
		list = append(list, dtls.WithExtendedMasterSecret(dtls.DisableExtendedMasterSecret))
	}
	if args.Has("mtu") {
		list = append(list, dtls.WithMTU(args.Number("mtu")))
	}
	return append(list, dtls.WithSessionStore(store))
}

func described(conn *dtls.Conn) string {
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	defer cancel()
	dialogue.Check(conn.HandshakeContext(ctx))
	state, _ := conn.ConnectionState()
	return dtls.CipherSuiteName(state.CipherSuiteID)
}

func connect(bool) (dialogue.Session, string) {
	var list []dtls.ClientOption
	for _, o := range options() {
		list = append(list, o)
	}
	conn, err := dtls.ClientWithOptions(args.Socket(), args.Address(), list...)
	dialogue.Check(err)
	return conn, described(conn)
}

func serve() {
	var list []dtls.ServerOption
	for _, o := range options() {
		list = append(list, o)
	}
	if args.Has("ca") {
		list = append(list, dtls.WithClientAuth(dtls.RequireAndVerifyClientCert),
			dtls.WithClientCAs(args.Authorities()))
	}
	listener, err := dtls.ListenWithOptions("udp4", args.Address(), list...)
	dialogue.Check(err)
	dialogue.RunServer(listener.Addr(), func() (dialogue.Session, string) {
		for {
			conn, err := listener.Accept()
			dialogue.Check(err)
			if c, ok := conn.(*dtls.Conn); ok {
				return c, described(c)
			}
		}
	})
}

func main() {
	if args.Server {
		serve()
	} else {
		dialogue.RunClient(connect)
	}
}
