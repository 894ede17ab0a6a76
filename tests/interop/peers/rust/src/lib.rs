// SPDX-License-Identifier: Apache-2.0

//! What the programs of both stacks share: arguments and messages (../../README.md).

use std::collections::HashMap;

/// The words of the command line.
pub struct Args(HashMap<String, String>);

impl Args {
    pub fn parse() -> Self {
        let words = std::env::args().skip(2).filter_map(|a| {
            let (name, value) = a.split_once('=')?;
            Some((name.to_string(), value.to_string()))
        });
        Args(words.collect())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub fn port(&self, name: &str) -> u16 {
        self.text(name).map_or(0, |p| p.parse().expect("a port"))
    }

    /// Identity and key.
    pub fn psk(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (identity, hex) = self.text("psk")?.split_once(':')?;
        let byte = |i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hex");
        Some((identity.into(), (0..hex.len()).step_by(2).map(byte).collect()))
    }

    /// Names of suites without the TLS_ in front.
    pub fn suites(&self) -> Vec<&str> {
        let list = self.text("suites").map(|s| s.split(',').collect::<Vec<_>>());
        list.unwrap_or_default().iter().map(|s| s.trim_start_matches("TLS_")).collect()
    }
}

pub fn failed(why: impl std::fmt::Debug) -> ! {
    println!("failed {}", format!("{why:?}").replace('\n', " "));
    std::process::exit(1)
}

pub fn message(size: usize) -> Vec<u8> {
    (0..size).map(|i| b'a' + ((i + 12) % 26) as u8).collect()
}

/// What is said of the answer to message(size).
pub fn verdict(size: usize, answer: Option<&[u8]>) -> String {
    match answer {
        None => "silence".into(),
        Some([]) if size > 0 => "eof".into(),
        Some(back) if back == message(size) => format!("echo {size}"),
        Some(back) => format!("other {}", back.len()),
    }
}

/// What is between the lines of dashes of a PEM file.
pub fn der(path: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut n) = (vec![], 0u32, 0);
    let pem = std::fs::read_to_string(path).expect("a PEM file");
    for c in pem.lines().filter(|l| !l.starts_with('-')).flat_map(str::chars) {
        let Some(digit) = DIGITS.find(c) else { break };
        (bits, n) = (bits << 6 | digit as u32, n + 6);
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
        }
    }
    out
}
