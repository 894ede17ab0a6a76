// SPDX-License-Identifier: Apache-2.0

//! The program of dimpl, a client and server; authorities are not asked.

use std::io::BufRead;
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use dimpl::{Config, Dtls, DtlsCertificate, Output, PskResolver, certificate};
use interop_peers::{Args, der, failed, message, verdict};

struct OneKey(Vec<u8>);

impl PskResolver for OneKey {
    fn resolve(&self, _identity: &[u8]) -> Option<Vec<u8>> {
        Some(self.0.clone())
    }
}

struct Peer {
    dtls: Dtls,
    sock: UdpSocket,
    to: Option<SocketAddr>,
    due: Instant,
    connected: bool,
    closed: bool,
    got: Option<Vec<u8>>,
}

impl Peer {
    /// Takes what the engine has to give.
    fn drain(&mut self) {
        let mut buf = vec![0; 20000];
        loop {
            match self.dtls.poll_output(&mut buf) {
                Output::Packet(p) => {
                    let _ = self.sock.send_to(p, self.to.expect("a peer"));
                }
                Output::Timeout(t) => break self.due = t,
                Output::Connected => self.connected = true,
                Output::ApplicationData(data) => self.got = Some(data.to_vec()),
                Output::CloseNotify => self.closed = true,
                _ => (),
            }
        }
    }

    /// One datagram, or a timer that is due.
    fn step(&mut self) {
        let mut buf = [0; 20000];
        let wait = self.due.saturating_duration_since(Instant::now());
        let wait = wait.clamp(Duration::from_millis(1), Duration::from_millis(50));
        self.sock.set_read_timeout(Some(wait)).expect("time-out");
        if let Ok((n, from)) = self.sock.recv_from(&mut buf) {
            self.to = Some(from);
            self.dtls.handle_packet(&buf[..n]).unwrap_or_else(|e| failed(e));
        }
        if self.to.is_some() && Instant::now() >= self.due {
            self.dtls.handle_timeout(Instant::now()).unwrap_or_else(|e| failed(e));
        }
        if self.to.is_some() {
            self.drain();
        }
    }

    fn run(&mut self, seconds: u64, until: impl Fn(&Self) -> bool) -> bool {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while !until(self) && Instant::now() < deadline {
            self.step();
        }
        until(self)
    }

    fn echo(&mut self, size: usize) -> String {
        self.got = None;
        if let Err(error) = self.dtls.send_application_data(&message(size)) {
            return format!("failed {error:?}");
        }
        self.drain();
        self.run(5, |p| p.got.is_some() || p.closed);
        if self.closed { "eof".into() } else { verdict(size, self.got.as_deref()) }
    }

    fn close(&mut self) {
        let _ = self.dtls.close();
        self.drain();
        println!("closed");
    }

    fn client(&mut self) {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            match line.split_once(' ').unwrap_or((&line, "0")) {
                ("echo", size) => println!("{}", self.echo(size.parse().expect("a size"))),
                ("wait", _) if self.run(40, |p| p.closed) => println!("eof"),
                ("wait", _) => println!("failed: not closed"),
                ("close", _) => return self.close(),
                _ => (),
            }
        }
    }

    fn server(&mut self) {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let _ = std::io::stdin().read_line(&mut String::new());
            tell.send(())
        });
        while told.try_recv().is_err() {
            self.step();
            if self.closed {
                return println!("eof");
            }
            if let Some(data) = self.got.take() {
                let _ = self.dtls.send_application_data(&data);
                self.drain();
            }
        }
        self.close();
    }
}

fn engine(args: &Args, server: bool) -> Dtls {
    let now = Instant::now();
    let mut config = Config::builder().require_client_certificate(args.text("ca").is_some());
    if let Some((identity, key)) = args.psk() {
        let resolver = Arc::new(OneKey(key));
        config = if server {
            config.with_psk_server(None, resolver)
        } else {
            config.with_psk_client(identity, resolver)
        };
    }
    let config = Arc::new(config.build().unwrap_or_else(|e| failed(e)));
    let own = || match (args.text("cert"), args.text("key")) {
        (Some(cert), Some(key)) => DtlsCertificate { certificate: der(cert), private_key: der(key) },
        _ => certificate::generate_self_signed_certificate().expect("a certificate"),
    };
    let mut dtls = match (args.text("versions"), args.psk()) {
        (Some("1.3"), _) => Dtls::new_13(config, own(), now),
        (_, Some(_)) => Dtls::new_12_psk(config, now),
        _ => Dtls::new_12(config, own(), now),
    };
    dtls.set_active(!server);
    dtls
}

fn main() {
    let args = Args::parse();
    let server = std::env::args().nth(1).as_deref() == Some("server");
    let own = args.port(if server { "port" } else { "bind" });
    let mut peer = Peer {
        dtls: engine(&args, server),
        sock: UdpSocket::bind(("127.0.0.1", own)).expect("bind"),
        to: (!server).then(|| ([127, 0, 0, 1], args.port("port")).into()),
        due: Instant::now(),
        connected: false,
        closed: false,
        got: None,
    };
    if server {
        println!("listening {own}");
    }
    if !peer.run(40, |p| p.connected) {
        failed("handshake: no end within 40 s");
    }
    println!("connected ?");
    if server { peer.server() } else { peer.client() }
}
