// SPDX-License-Identifier: Apache-2.0
// Echo classic|nio|client PORT: UDP servers as Java has them, and a client
import java.net.*;
import java.nio.ByteBuffer;
import java.nio.channels.*;

public class Echo {
	static InetSocketAddress at(String port) {
		return new InetSocketAddress("127.0.0.1", Integer.parseInt(port));
	}

	static void classic(String port) throws Exception {
		try (DatagramSocket s = new DatagramSocket(at(port))) {
			DatagramPacket p = new DatagramPacket(new byte[2048], 2048);
			for (;;) {
				p.setLength(2048);
				s.receive(p);
				s.send(p);
			}
		}
	}

	static void nio(String port) throws Exception {
		DatagramChannel c = DatagramChannel.open().bind(at(port));
		c.configureBlocking(false);
		Selector sel = Selector.open();
		c.register(sel, SelectionKey.OP_READ);
		ByteBuffer b = ByteBuffer.allocate(2048);
		for (;;) {
			sel.select();
			sel.selectedKeys().clear();
			for (SocketAddress from; (from = c.receive(b.clear())) != null;)
				c.send(b.flip(), from);
		}
	}

	static void client(String port) throws Exception {
		try (DatagramSocket s = new DatagramSocket()) {
			byte[] m = "hello from java".getBytes();
			DatagramPacket p = new DatagramPacket(new byte[2048], 2048);
			s.setSoTimeout(10000);
			s.connect(at(port));
			s.send(new DatagramPacket(m, m.length));
			s.receive(p);
			System.out.println(new String(p.getData(), 0, p.getLength()));
		}
	}

	public static void main(String[] a) throws Exception {
		switch (a[0]) {
		case "classic": classic(a[1]); break;
		case "nio": nio(a[1]); break;
		default: client(a[1]);
		}
	}
}
