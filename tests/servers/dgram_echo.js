// SPDX-License-Identifier: Apache-2.0
// A UDP echo server on Node's dgram (libuv): node dgram_echo.js --port N [--host ADDRESS]
const dgram = require('dgram');

const option = (name, fallback) => {
	const i = process.argv.indexOf('--' + name);
	return i < 0 ? fallback : process.argv[i + 1];
};
const host = option('host', '127.0.0.1');
const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');

socket.on('message', (data, peer) => {
	const shown = data.subarray(0, 64).toString('latin1').replace(/[^ -~]/g, '?');
	process.stdout.write(`RX ${data.length} ${shown}\n`);
	socket.send(data, peer.port, peer.address, (error) => {
		if (error)
			process.stdout.write(`NOTE ${error}\n`);
	});
});
socket.on('error', (error) => {
	process.stderr.write(`${error}\n`);
	process.exit(1);
});
socket.bind(Number(option('port', '0')), host, () => {
	process.stdout.write(`READY port=${socket.address().port} pid=${process.pid}\n`);
});
