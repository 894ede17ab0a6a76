# SPDX-License-Identifier: Apache-2.0
"""The program of aiocoap, whose DTLS is tinydtls: each "echo N" is a POST that wants its payload."""

import asyncio
import sys

import aiocoap


async def request(context, port, payload):
    message = aiocoap.Message(code=aiocoap.POST, uri=f"coaps://127.0.0.1:{port}/e", payload=payload)
    return (await context.request(message).response).payload


async def echo(context, port, size):
    sent = bytes(97 + (i + 12) % 26 for i in range(size))
    try:
        back = await asyncio.wait_for(request(context, port, sent), 8)
    except asyncio.TimeoutError:
        return "silence"
    return f"echo {size}" if back == sent else f"other {len(back)}"


async def main():
    args = dict(a.split("=", 1) for a in sys.argv[2:])
    identity, key = args["psk"].split(":")
    context = await aiocoap.Context.create_client_context(transports=["tinydtls"])
    context.client_credentials.load_from_dict({f"coaps://127.0.0.1:{args['port']}/*": {
        "dtls": {"psk": {"hex": key}, "client-identity": {"ascii": identity}}}})
    try:
        await asyncio.wait_for(request(context, args["port"], b"hello"), 40)
    except (aiocoap.error.Error, asyncio.TimeoutError, OSError) as error:
        print("failed", repr(error), flush=True)
        sys.exit(1)
    print("connected ?", flush=True)
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        word, _, size = line.strip().partition(" ")
        if word == "echo":
            print(await echo(context, args["port"], int(size)), flush=True)
        elif word == "close":
            await context.shutdown()
            print("closed", flush=True)
            return


asyncio.run(main())
