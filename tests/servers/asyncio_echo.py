#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A UDP echo server on asyncio: asyncio_echo.py --port N [--host ADDRESS]."""

import argparse
import asyncio
import os


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        print("RX", len(data), ascii(data[:64])[2:-1], flush=True)
        self.transport.sendto(data, addr)

    def error_received(self, exc):
        print("NOTE error", exc, flush=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        Echo, local_addr=(args.host, args.port))
    port = transport.get_extra_info("sockname")[1]
    print(f"READY port={port} pid={os.getpid()}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
