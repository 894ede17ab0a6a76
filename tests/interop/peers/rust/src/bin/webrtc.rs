// SPDX-License-Identifier: Apache-2.0

//! The program of webrtc-dtls, a client; authorities are not asked.

use std::sync::Arc;
use std::time::Duration;

use interop_peers::{Args, failed, message, verdict};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};
use tokio::{net::UdpSocket, time::timeout};
use webrtc_dtls::cipher_suite::CipherSuiteId::{self, *};
use webrtc_dtls::config::{Config, ExtendedMasterSecretType};
use webrtc_dtls::conn::DTLSConn;
use webrtc_util::conn::Conn;

fn suite(name: &&str) -> CipherSuiteId {
    match *name {
        "PSK_WITH_AES_128_CCM_8" => Tls_Psk_With_Aes_128_Ccm_8,
        "PSK_WITH_AES_128_CCM" => Tls_Psk_With_Aes_128_Ccm,
        "PSK_WITH_AES_128_GCM_SHA256" => Tls_Psk_With_Aes_128_Gcm_Sha256,
        "ECDHE_ECDSA_WITH_AES_128_CCM_8" => Tls_Ecdhe_Ecdsa_With_Aes_128_Ccm_8,
        "ECDHE_ECDSA_WITH_AES_128_CCM" => Tls_Ecdhe_Ecdsa_With_Aes_128_Ccm,
        "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" => Tls_Ecdhe_Ecdsa_With_Aes_128_Gcm_Sha256,
        "ECDHE_RSA_WITH_AES_128_GCM_SHA256" => Tls_Ecdhe_Rsa_With_Aes_128_Gcm_Sha256,
        other => failed(format!("no suite {other}")),
    }
}

fn config(args: &Args) -> Config {
    let mut config = Config {
        insecure_skip_verify: true,
        server_name: "localhost".into(),
        cipher_suites: args.suites().iter().map(suite).collect(),
        ..Default::default()
    };
    if let Some((identity, key)) = args.psk() {
        config.psk = Some(Arc::new(move |_| Ok(key.clone())));
        config.psk_identity_hint = Some(identity);
        if config.cipher_suites.is_empty() {
            config.cipher_suites = vec![Tls_Psk_With_Aes_128_Ccm_8];    // it has no list for a key
        }
    }
    if args.text("ems") == Some("0") {
        config.extended_master_secret = ExtendedMasterSecretType::Disable;
    }
    config
}

async fn read(conn: &DTLSConn, seconds: u64) -> Option<Vec<u8>> {
    let mut buf = vec![0; 20000];
    match timeout(Duration::from_secs(seconds), conn.recv(&mut buf)).await {
        Err(_) => None,
        Ok(Err(_)) => Some(vec![]),
        Ok(Ok(n)) => Some(buf[..n].to_vec()),
    }
}

#[tokio::main]
async fn main() {
    let args = Args::parse();
    let sock = UdpSocket::bind(("127.0.0.1", args.port("bind"))).await.expect("bind");
    sock.connect(("127.0.0.1", args.port("port"))).await.expect("connect");
    let new = DTLSConn::new(Arc::new(sock), config(&args), true, None);
    let conn = match timeout(Duration::from_secs(40), new).await {
        Ok(Ok(conn)) => conn,
        Ok(Err(error)) => failed(error),
        Err(_) => failed("handshake: no end within 40 s"),
    };
    println!("connected ?");
    let mut lines = BufReader::new(stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        match line.split_once(' ').unwrap_or((&line, "0")) {
            ("echo", size) => {
                let size = size.parse().expect("a size");
                match conn.send(&message(size)).await {
                    Err(error) => println!("failed {error}"),
                    Ok(_) => println!("{}", verdict(size, read(&conn, 5).await.as_deref())),
                }
            }
            ("wait", _) => loop {
                match read(&conn, 40).await.as_deref() {
                    Some([]) => break println!("eof"),
                    None => break println!("failed: not closed"),
                    _ => (),
                }
            },
            ("close", _) => {
                let _ = conn.close().await;
                return println!("closed");
            }
            _ => (),
        }
    }
}
