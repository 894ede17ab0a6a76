#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A UDP echo server on socketserver: --port N [--host ADDRESS] [--mode plain|threading|forking]."""

import argparse
import os
import socketserver


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        print("RX", len(data), ascii(data[:64])[2:-1], flush=True)
        sock.sendto(data, self.client_address)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--mode", default="plain")
    args = parser.parse_args()
    kind = {"plain": socketserver.UDPServer, "threading": socketserver.ThreadingUDPServer,
            "forking": socketserver.ForkingUDPServer}
    server = kind[args.mode]((args.host, args.port), Echo)
    server.max_packet_size = 65536
    print(f"READY port={server.server_address[1]} pid={os.getpid()}", flush=True)
    server.serve_forever()


main()
