// SPDX-License-Identifier: Apache-2.0
// The program of node-coap-client: each "echo N" is a POST that wants its payload back.
import { createRequire } from "node:module";
import readline from "node:readline";

const { CoapClient } = createRequire(process.env.INTEROP_NODE + "/")("node-coap-client");
const args = Object.fromEntries(process.argv.slice(3).map((a) => a.split(/=(.*)/s)));
const [identity, key] = args.psk.split(":");
const url = `coaps://127.0.0.1:${args.port}/`;
CoapClient.setSecurityParams("127.0.0.1", { psk: { [identity]: Buffer.from(key, "hex").toString("latin1") } });

const done = await CoapClient.tryToConnect(url);
console.log(done === true ? "connected ?" : `failed ${done}`);
if (done !== true) process.exit(1);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [word, size] = line.split(" ");
  if (word === "close") break;
  if (word === "echo") console.log(await echo(+size));
}
CoapClient.reset();                     // its goodbye leaves a moment later, and nobody is told
await new Promise((resolve) => setTimeout(resolve, 300));
console.log("closed");
process.exit(0);

async function echo(size) {
  const sent = Buffer.from(Array.from({ length: size }, (_, i) => 97 + ((i + 12) % 26)));
  const late = new Promise((resolve) => setTimeout(() => resolve(null), 8000));
  try {
    const answer = await Promise.race([CoapClient.request(url, "post", sent), late]);
    if (!answer) return "silence";
    return answer.payload.equals(sent) ? `echo ${size}` : `other ${answer.payload.length}`;
  } catch (e) {
    return `failed ${e.message}`;
  }
}
