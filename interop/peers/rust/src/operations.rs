//! peer dial: one operation against a listener.

use std::time::{Duration, Instant};

use futures::{
    AsyncReadExt, AsyncWriteExt,
    channel::oneshot,
    future::{try_join, try_join_all},
};
use libp2p::{PeerId, Stream, StreamProtocol};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::sleep,
};

use crate::{
    Failure,
    node::{Command, Told, identity_members},
    options::Options,
    protocols::{self, CHUNK_BYTES, write_zeros},
};

const MIB: f64 = 1024.0 * 1024.0;
const PUSH_WAIT: Duration = Duration::from_secs(3);

type Outcome = Result<Map<String, Value>, Failure>;

struct Dialing<'a> {
    options: &'a Options,
    commands: &'a UnboundedSender<Command>,
    told: UnboundedReceiver<Told>,
    remote: PeerId,
}

pub async fn run(options: &Options, commands: &UnboundedSender<Command>, mut told: UnboundedReceiver<Told>) -> Outcome {
    let _ = commands.send(Command::Dial(options.target.clone()));
    let remote = loop {
        match told.recv().await {
            Some(Told::Dialed { peer, .. }) => break peer,
            Some(Told::DialFailed { error, .. }) => return Err(Failure::other(error)),
            Some(_) => {}
            None => return Err(Failure::other("the node has stopped")),
        }
    };
    let mut dialing = Dialing { options, commands, told, remote };
    match options.operation.as_str() {
        "ping" => dialing.ping().await,
        "echo" => dialing.echo().await,
        "half" => dialing.half().await,
        "perf" => dialing.perf().await,
        "identify" => dialing.identify().await,
        "push" => dialing.push().await,
        "handshake" => dialing.handshake().await,
        "reset" => dialing.reset().await,
        "abort" => dialing.abort().await,
        "hold" => dialing.hold().await,
        other => Err(Failure::other(format!("unknown operation {other}"))),
    }
}

impl Dialing<'_> {
    async fn open(&self, protocol: StreamProtocol) -> Result<Stream, Failure> {
        let (reply, opened) = oneshot::channel();
        let _ = self.commands.send(Command::Open(self.remote, protocol, reply));
        opened.await.map_err(|_| Failure::other("the connection was closed before a stream was open"))?
    }

    /// The first event for which `pick` gives something; the end of the connection is a failure.
    async fn event<T>(&mut self, mut pick: impl FnMut(Told) -> Option<Result<T, Failure>>) -> Result<T, Failure> {
        while let Some(told) = self.told.recv().await {
            if matches!(told, Told::Disconnected { .. }) {
                return Err(Failure::other("the connection was closed"));
            }
            if let Some(result) = pick(told) {
                return result;
            }
        }
        Err(Failure::other("the node has stopped"))
    }

    async fn ping(&mut self) -> Outcome {
        let mut micros = vec![];
        while micros.len() < self.options.count {
            let rtt = self
                .event(|told| match told {
                    Told::Pinged(result) => Some(result.map_err(Failure::other)),
                    _ => None,
                })
                .await?;
            micros.push(rtt.as_micros() as u64);
        }
        micros.sort();
        outcome(json!({"count": micros.len(), "rttMicrosP50": micros[micros.len() / 2]}))
    }

    async fn echo(&mut self) -> Outcome {
        let data = random(self.options.size);
        let mut bytes = 0;
        for _ in 0..self.options.count {
            let lengths = try_join_all((0..self.options.streams).map(|_| self.echo_once(&data))).await?;
            bytes += lengths.iter().sum::<usize>();
        }
        outcome(json!({"bytes": bytes, "sha256": sha256_of(&data)}))
    }

    async fn echo_once(&self, data: &[u8]) -> Result<usize, Failure> {
        let (mut reader, mut writer) = self.open(protocols::ECHO).await?.split();
        let write = async {
            writer.write_all(data).await?;
            writer.close().await
        };
        let read = async {
            let mut chunk = vec![0; CHUNK_BYTES];
            let mut hash = Sha256::new();
            let mut length = 0;
            loop {
                let n = reader.read(&mut chunk).await?;
                if n == 0 {
                    return Ok((format!("{:x}", hash.finalize()), length));
                }
                hash.update(&chunk[..n]);
                length += n;
            }
        };
        let ((), (sha256, length)) = try_join(write, read).await?;
        if sha256 != sha256_of(data) {
            return Err(Failure::other(format!("sent {} bytes, {length} others came back", data.len())));
        }
        Ok(length)
    }

    async fn half(&mut self) -> Outcome {
        let data = random(self.options.size);
        let mut stream = self.open(protocols::HALF).await?;
        stream.write_all(&data).await?;
        stream.close().await?;
        let mut answer = String::new();
        stream.take(1024).read_to_string(&mut answer).await?;
        let expected = format!("{} {}", sha256_of(&data), data.len());
        if answer != expected {
            return Err(Failure::other(format!("expected {expected}, got {answer}")));
        }
        outcome(json!({"bytes": data.len(), "sha256": sha256_of(&data)}))
    }

    async fn perf(&mut self) -> Outcome {
        let (upload, download) = (self.options.upload, self.options.download);
        let start = Instant::now();
        let mut stream = self.open(protocols::PERF).await?;
        stream.write_all(&download.to_be_bytes()).await?;
        write_zeros(&mut stream, upload).await?;
        stream.close().await?;
        let mut chunk = vec![0; CHUNK_BYTES];
        let mut first = None;
        let mut received = 0;
        loop {
            let n = stream.read(&mut chunk).await?;
            first.get_or_insert_with(Instant::now);
            if n == 0 {
                break;
            }
            received += n as u64;
        }
        if received != download {
            return Err(Failure::other(format!("expected {download} bytes, got {received}")));
        }
        let first = first.unwrap_or(start);
        outcome(json!({
            "uploadMibPerSecond": mib_per_second(upload, first - start),
            "downloadMibPerSecond": mib_per_second(download, first.elapsed()),
        }))
    }

    async fn identify(&mut self) -> Outcome {
        self.event(|told| match told {
            Told::Identified { info, .. } => Some(Ok(identity_members(&info))),
            Told::IdentifyFailed { error } => Some(Err(Failure::other(error))),
            _ => None,
        })
        .await
    }

    /// Our protocols change, so identify push tells the peer.
    async fn push(&mut self) -> Outcome {
        self.identify().await?;
        let _ = self.commands.send(Command::Push(self.remote));
        sleep(PUSH_WAIT).await;
        outcome(json!({"pushed": protocols::PUSHED.as_ref()}))
    }

    async fn handshake(&mut self) -> Outcome {
        let _ = self.commands.send(Command::Handshake(self.remote));
        self.event(|told| match told {
            Told::Handshake { direction: "outbound", result, .. } => Some(result),
            _ => None,
        })
        .await
    }

    /// Expects to be reset. A reset reads as an end of stream here, but nothing can be written after it.
    async fn reset(&mut self) -> Outcome {
        let mut stream = self.open(protocols::RESET).await?;
        stream.write_all(&random(16)).await?;
        stream.flush().await?;
        let ended = stream.read(&mut [0]).await;
        let written = async {
            stream.write_all(&[0]).await?;
            stream.flush().await
        };
        match (ended, written.await) {
            (Err(_), _) | (Ok(0), Err(_)) => outcome(json!({"reset": true})),
            _ => Err(Failure::other("expected a reset, got data or the end of the stream")),
        }
    }

    /// We reset an echo in the middle; the connection must live on.
    async fn abort(&mut self) -> Outcome {
        let mut stream = self.open(protocols::ECHO).await?;
        stream.write_all(&random(self.options.size.max(1))).await?;
        stream.flush().await?;
        stream.read_exact(&mut [0]).await?;
        drop(stream);
        while self.told.try_recv().is_ok() {} // pings from before
        self.ping().await?;
        outcome(json!({"reset": true}))
    }

    /// A stream that is open and silent for a while still carries data.
    async fn hold(&mut self) -> Outcome {
        let mut stream = self.open(protocols::ECHO).await?;
        for text in ["before", "after"] {
            stream.write_all(text.as_bytes()).await?;
            stream.flush().await?;
            let mut got = vec![0; text.len()];
            stream.read_exact(&mut got).await?;
            if got != text.as_bytes() {
                return Err(Failure::other(format!("expected {text}, got {}", String::from_utf8_lossy(&got))));
            }
            if text == "before" {
                sleep(self.options.hold).await;
            }
        }
        stream.close().await?;
        outcome(json!({"seconds": self.options.hold.as_secs()}))
    }
}

fn outcome(members: Value) -> Outcome {
    Ok(members.as_object().cloned().unwrap_or_default())
}

/// Bytes that do not repeat: SHA-256 in counter mode over a fresh seed.
fn random(size: usize) -> Vec<u8> {
    let seed = libp2p::PeerId::random().to_bytes();
    let blocks = (0..size.div_ceil(32) as u64).flat_map(|block| {
        let mut hash = Sha256::new();
        hash.update(&seed);
        hash.update(block.to_be_bytes());
        hash.finalize()
    });
    blocks.take(size).collect()
}

fn sha256_of(data: &[u8]) -> String {
    format!("{:x}", Sha256::digest(data))
}

fn mib_per_second(bytes: u64, took: Duration) -> f64 {
    if bytes == 0 {
        return 0.0;
    }
    (bytes as f64 / MIB / took.as_secs_f64().max(1e-6) * 10.0).round() / 10.0
}
