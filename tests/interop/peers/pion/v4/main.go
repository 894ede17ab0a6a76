// SPDX-License-Identifier: Apache-2.0

// The program of pion/dtls v4.
package main

import (
	"context"
	"time"

	"github.com/pion/dtls/v4"
	"github.com/pion/dtls/v4/pkg/crypto/ciphersuite"
	"github.com/pion/dtls/v4/pkg/protocol"

	"dtlsshim.test/interop/pion/dialogue"
)

var (
	args  = dialogue.Parse()
	store = dialogue.Memory[dtls.Session]{}
)

func suites() (ids []ciphersuite.ID) {
	for _, name := range args.Suites {
		for id := range 0x10000 {
			if ciphersuite.ID(id).String() == name {
				ids = append(ids, ciphersuite.ID(id))
			}
		}
	}
	return ids
}

func connectionID() dtls.Option {
	generator, policy := dtls.OnlySendCIDGenerator(), dtls.CIDPathMigrationUnsafe
	if n := args.Number("cid"); n > 0 {
		generator = dtls.RandomCIDGenerator(n)
	}
	if args.Number("rrc") > 0 {
		policy = dtls.CIDPathMigrationRRC
	}
	return dtls.WithConnectionID(generator, policy)
}

func options() (list []dtls.Option) {
	only := protocol.Version1_2
	if args.Text("versions") == "1.3" {
		only = protocol.Version1_3
	}
	list = append(list, dtls.WithMinVersion(only), dtls.WithMaxVersion(only))
	if len(args.Suites) > 0 && only == protocol.Version1_2 {
		list = append(list, dtls.WithCipherSuites(suites()...))
	}
	if args.Has("psk") {
		own := dtls.PSK{Identity: []byte(args.Identity), Key: args.Key}
		list = append(list, dtls.WithPSK(func() ([]dtls.PSK, error) { return []dtls.PSK{own}, nil },
			func([][]byte) (*dtls.PSK, error) { return &own, nil }))
	}
	if args.Has("cert") {
		list = append(list, dtls.WithCertificates(args.Certificate()))
	}
	if args.Has("ca") {
		list = append(list, dtls.WithRootCAs(args.Authorities()), dtls.WithServerName("localhost"))
	}
	if args.Has("cid") {
		list = append(list, connectionID())
	}
	if args.Text("ems") == "0" {
		list = append(list, dtls.WithExtendedMasterSecret(dtls.DisableExtendedMasterSecret))
	}
	if args.Has("mtu") {
		list = append(list, dtls.WithMTU(args.Number("mtu")))
	}
	return append(list, dtls.WithSessionStore(store), dtls.WithReceiveBufferSize(20000))
}

func described(conn *dtls.Conn) string {
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	defer cancel()
	dialogue.Check(conn.HandshakeContext(ctx))
	state, _ := conn.ConnectionState()
	return state.CipherSuiteID.String()
}

func connect(bool) (dialogue.Session, string) {
	var list []dtls.ClientOption
	for _, o := range options() {
		list = append(list, o)
	}
	conn, err := dtls.Client(args.Socket(), args.Address(), list...)
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
	listener, err := dtls.ListenAddr("udp4", args.Address(), list...)
	dialogue.Check(err)
	dialogue.RunServer(listener.Addr(), func() (dialogue.Session, string) {
		conn, err := listener.Accept()
		dialogue.Check(err)
		return conn.(*dtls.Conn), described(conn.(*dtls.Conn))
	})
}

func main() {
	if args.Server {
		serve()
	} else {
		dialogue.RunClient(connect)
	}
}
