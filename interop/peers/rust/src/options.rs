//! The command line that all peers share; see ../../README.md.

use std::{fs, time::Duration};

use libp2p::identity::Keypair;

use crate::{Failure, fork::Fork, work::Kind};

#[derive(Debug, Clone)]
pub struct Options {
    pub is_listener: bool,
    pub target: String,
    pub operation: String,
    pub listen: Vec<String>,
    pub dial_on_start: Vec<String>,
    pub key_type: String,
    pub key: Option<String>,
    pub network_id: String,
    pub subnets: String,
    pub auto_handshake: bool,
    pub anchor: bool,
    pub fork: Option<Fork>,
    pub stock_limits: bool,
    pub identities: usize,
    pub wrong_signer: bool,
    pub pad: usize,
    pub size: usize,
    pub count: usize,
    pub streams: usize,
    pub upload: u64,
    pub download: u64,
    pub hold: Duration,
    /// Which work this is an end of, if it is one.
    pub kind: Option<Kind>,
    pub warm_up: Duration,
    pub rounds: usize,
    /// Of a round.
    pub length: Duration,
    pub timeout: Duration,
}

impl Options {
    pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let mut options = Options {
            is_listener: false,
            target: String::new(),
            operation: String::new(),
            listen: vec![],
            dial_on_start: vec![],
            key_type: "ed25519".into(),
            key: None,
            network_id: "0x00000502".into(),
            subnets: "0".repeat(32),
            auto_handshake: false,
            anchor: false,
            fork: None,
            stock_limits: false,
            identities: 1,
            wrong_signer: false,
            pad: 0,
            size: 1024,
            count: 1,
            streams: 1,
            upload: 0,
            download: 0,
            hold: Duration::from_secs(40),
            kind: None,
            warm_up: Duration::from_secs(5),
            rounds: 5,
            length: Duration::from_secs(2),
            timeout: Duration::from_secs(30),
        };
        match args.next().as_deref() {
            Some("listen") => options.is_listener = true,
            Some("dial") => {
                options.target = args.next().ok_or_else(|| Failure::other("dial needs a MULTIADDR"))?;
                options.operation = args.next().ok_or_else(|| Failure::other("dial needs an operation"))?;
            }
            Some("work") => options.operation = "work".into(),
            _ => return Err(Failure::other("expected listen, dial or work")),
        }
        let (mut fork_at, mut fork_network, mut window, mut skews) = (None, None, Duration::ZERO, vec![]);
        let mut kind = String::new();
        while let Some(name) = args.next() {
            let mut text = || args.next().ok_or_else(|| Failure::other(format!("{name} needs a value")));
            match name.as_str() {
                "--listen" => options.listen.push(text()?),
                "--dial" => options.dial_on_start.push(text()?),
                "--key-type" => options.key_type = text()?,
                "--key" => options.key = Some(text()?),
                "--network-id" => options.network_id = text()?,
                "--subnets" => options.subnets = text()?,
                "--auto-handshake" => options.auto_handshake = true,
                "--anchor" => options.anchor = true,
                "--fork-network-id" => fork_network = Some(text()?),
                "--fork-at" => fork_at = Some(number(&name, text()?)?),
                "--window" => window = Duration::from_millis(number(&name, text()?)?),
                "--skew" => {
                    for word in text()?.split(',') {
                        skews.push(word.parse().map_err(|_| Failure::other(format!("{name} needs whole numbers")))?);
                    }
                }
                "--no-early-muxer" => {} // rust-libp2p never negotiates early
                "--stock-limits" => options.stock_limits = true,
                "--wrong-signer" => options.wrong_signer = true,
                "--identities" => options.identities = number(&name, text()?)? as usize,
                "--pad" => options.pad = number(&name, text()?)? as usize,
                "--size" => options.size = number(&name, text()?)? as usize,
                "--count" => options.count = number(&name, text()?)? as usize,
                "--streams" => options.streams = number(&name, text()?)? as usize,
                "--upload" => options.upload = number(&name, text()?)?,
                "--download" => options.download = number(&name, text()?)?,
                "--seconds" => {
                    options.hold = Duration::from_secs(number(&name, text()?)?);
                    options.length = options.hold;
                }
                "--kind" => kind = text()?,
                "--warm-up" => options.warm_up = Duration::from_secs(number(&name, text()?)?),
                "--rounds" => options.rounds = number(&name, text()?)? as usize,
                "--timeout" => options.timeout = Duration::from_secs(number(&name, text()?)?),
                _ => return Err(Failure::other(format!("unknown option {name}"))),
            }
        }
        if options.operation == "work" || options.is_listener && !kind.is_empty() {
            options.kind = Some(Kind::parse(&kind)?);
            if options.rounds == 0 || options.length.is_zero() {
                return Err(Failure::other("--rounds and --seconds are at least 1, --warm-up is at least 0"));
            }
        }
        if options.identities < 1 || options.identities > 1 && (!options.is_listener || options.key.is_some()) {
            return Err(Failure::other("several identities are for listen without a key file"));
        }
        options.fork = match (fork_at, fork_network) {
            (Some(at), Some(network)) => Some(Fork::new(at, network, window, skews)),
            (None, None) => None,
            _ => return Err(Failure::other("--fork-at and --fork-network-id belong together")),
        };
        if options.listen.is_empty() {
            options.listen.push("/ip4/127.0.0.1/tcp/0".into());
        }
        Ok(options)
    }

    /// The options of the identity with this number: its clock is its own.
    pub fn of_identity(&self, number: usize) -> Self {
        Options { fork: self.fork.as_ref().map(|fork| fork.of_identity(number)), ..self.clone() }
    }

    /// The network that we say now.
    pub fn own_network(&self) -> &str {
        match &self.fork {
            Some(fork) if fork.has_come() => &fork.network_id,
            _ => &self.network_id,
        }
    }

    /// The networks that we accept now: our own, and the other one, too, inside a fork's window.
    pub fn accepted_networks(&self) -> Vec<&str> {
        match &self.fork {
            Some(fork) if fork.is_in_window() => vec![&self.network_id, &fork.network_id],
            _ => vec![self.own_network()],
        }
    }

    /// The key in a file, or a fresh one.
    pub fn identity(&self) -> Result<Keypair, Failure> {
        if let Some(file) = &self.key {
            return Keypair::from_protobuf_encoding(&fs::read(file)?).map_err(Failure::other);
        }
        match self.key_type.as_str() {
            "ed25519" => Ok(Keypair::generate_ed25519()),
            "secp256k1" => Ok(Keypair::generate_secp256k1()),
            "ecdsa" => Ok(Keypair::generate_ecdsa()),
            "rsa" => Err(Failure::other("rust-libp2p makes no RSA key: give one with --key")),
            other => Err(Failure::other(format!("unknown key type {other}"))),
        }
    }
}

fn number(name: &str, text: String) -> Result<u64, Failure> {
    text.parse().map_err(|_| Failure::other(format!("{name} needs a whole number")))
}
