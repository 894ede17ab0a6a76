// SPDX-License-Identifier: Apache-2.0
// The program of node-dtls-client.
import { createRequire } from "node:module";
import readline from "node:readline";

const { dtls } = createRequire(process.env.INTEROP_NODE + "/")("node-dtls-client");
const args = Object.fromEntries(process.argv.slice(3).map((a) => a.split(/=(.*)/s)));
const [identity, key] = args.psk.split(":");
const options = {
  type: "udp4", address: "127.0.0.1", port: +args.port, timeout: 40000,
  psk: { [identity]: Buffer.from(key, "hex").toString("latin1") },
};
if (args.suites) options.ciphers = args.suites.split(",");

let message = () => {};
const socket = dtls.createSocket(options)
  .on("connected", () => { console.log("connected ?"); obey(); })
  .on("error", (e) => { console.log("failed", e.message); process.exit(1); })
  .on("message", (m) => message(m));
const ended = new Promise((resolve) => socket.on("close", resolve));    // perhaps before it is asked for

async function obey() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [word, size] = line.split(" ");
    if (word === "echo") console.log(await echo(+size));
    else if (word === "wait") {
      await ended;
      console.log("eof");
    } else if (word === "close") {
      socket.close(() => { console.log("closed"); process.exit(0); });
      return;
    }
  }
}

function echo(size) {
  const sent = Buffer.from(Array.from({ length: size }, (_, i) => 97 + ((i + 12) % 26)));
  return new Promise((resolve) => {
    setTimeout(() => resolve("silence"), 5000);
    message = (m) => resolve(m.equals(sent) ? `echo ${size}` : `other ${m.length}`);
    socket.send(sent);
  });
}
