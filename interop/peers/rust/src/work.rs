//! The work that the benchmarks compare: one end of it, or both in this process; see ../../README.md.

use std::{
    future::Future,
    pin::pin,
    time::{Duration, Instant},
};

use futures::{AsyncReadExt, AsyncWriteExt, StreamExt, future::try_join_all};
use libp2p::{
    Multiaddr, PeerId, Stream, Swarm, SwarmBuilder,
    multiaddr::Protocol,
    noise,
    swarm::{SwarmEvent, dial_opts::DialOpts},
    tcp, yamux,
};
use serde_json::{Map, Value, json};
use tokio::io::AsyncReadExt as _;

use crate::{
    Failure,
    options::Options,
    print_line, protocols,
    streams::{self, Opener},
};

const BYTES: usize = 32;
const STREAMS_AT_ONCE: usize = 64;
const NEGOTIATING_AT_ONCE: usize = 100_000;
const UPLOAD_MIB: u64 = 64;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Streams,
    Streams64,
    Connections,
    PingPong,
    Bulk,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Streams, Kind::Streams64, Kind::Connections, Kind::PingPong, Kind::Bulk];

    pub fn parse(name: &str) -> Result<Self, Failure> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            let names = Kind::ALL.map(Kind::name).join(", ");
            Failure::new("unknown-kind", format!("unknown kind {name:?}, expected one of {names}"))
        })
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Streams => "streams",
            Kind::Streams64 => "streams-64",
            Kind::Connections => "connections",
            Kind::PingPong => "ping-pong",
            Kind::Bulk => "bulk",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Kind::PingPong => "µs",
            Kind::Bulk => "MiB/s",
            Kind::Streams | Kind::Streams64 | Kind::Connections => "1/s",
        }
    }
}

/// Serves the echo and perf until stdin ends.
pub async fn listen(options: &Options) -> Result<(), Failure> {
    let mut listener = End::new(options, true)?;
    let address = listener.listen(&options.listen[0]).await?;
    let peer = listener.swarm.local_peer_id().to_string();
    print_line(json!({"event": "listening", "peerId": peer, "addresses": [address.to_string()]}));
    in_pool(async move {
        let mut ignored = vec![];
        listener.beside(tokio::io::stdin().read_to_end(&mut ignored)).await?;
        Ok(())
    })
    .await
}

/// Does the work against a listener.
pub async fn dial(options: &Options, target: &str) -> Result<Map<String, Value>, Failure> {
    let target: Multiaddr = target.parse().map_err(Failure::other)?;
    let options = options.clone();
    in_pool(async move { End::new(&options, false)?.work(&options, target).await }).await
}

/// Runs something as a task: the main one is on a thread outside of the pool.
async fn in_pool<T: Send + 'static>(work: impl Future<Output = Result<T, Failure>> + Send + 'static) -> Result<T, Failure> {
    tokio::spawn(work).await.map_err(Failure::other)?
}

/// Does the work between two hosts in this process.
pub async fn both(options: &Options) -> Result<Map<String, Value>, Failure> {
    let mut listener = End::new(options, true)?;
    let address = listener.listen(&options.listen[0]).await?;
    let serving = tokio::spawn(async move { listener.beside(std::future::pending::<()>()).await });
    let result = dial(options, &address.to_string()).await;
    serving.abort();
    result
}

/// A host that does nothing of itself: no identify, no ping.
struct End {
    swarm: Swarm<streams::Behaviour>,
    opener: Opener,
}

impl End {
    fn new(options: &Options, is_listener: bool) -> Result<Self, Failure> {
        let accepted = if is_listener { vec![protocols::ECHO, protocols::PERF] } else { vec![] };
        let swarm = SwarmBuilder::with_existing_identity(options.identity()?)
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
            .map_err(Failure::other)?
            .with_behaviour(|_| streams::Behaviour::new(accepted))
            .map_err(Failure::other)?
            .with_swarm_config(|config| config.with_max_negotiating_inbound_streams(NEGOTIATING_AT_ONCE))
            .build();
        let opener = swarm.behaviour().opener();
        Ok(End { swarm, opener })
    }

    async fn listen(&mut self, address: &str) -> Result<Multiaddr, Failure> {
        self.swarm.listen_on(address.parse().map_err(Failure::other)?).map_err(Failure::other)?;
        loop {
            if let SwarmEvent::NewListenAddr { address, .. } = self.swarm.select_next_some().await {
                return Ok(address.with(Protocol::P2p(*self.swarm.local_peer_id())));
            }
        }
    }

    /// Drives the swarm until something else is done.
    async fn beside<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = self.swarm.select_next_some() => {}
            }
        }
    }

    async fn work(mut self, options: &Options, target: Multiaddr) -> Result<Map<String, Value>, Failure> {
        let kind = options.kind.ok_or_else(|| Failure::other("no kind"))?;
        let remote = match target.iter().last() {
            Some(Protocol::P2p(remote)) => remote,
            _ => return Err(Failure::other(format!("{target} names no peer"))),
        };
        self.connect(remote, &target).await?;
        let mut held = None;
        match kind {
            Kind::Connections => self.disconnect(remote).await?,
            Kind::PingPong => held = Some(self.open(remote).await?),
            Kind::Streams | Kind::Streams64 | Kind::Bulk => {}
        }
        let mut rounds = vec![];
        for length in std::iter::once(options.warm_up).chain(std::iter::repeat_n(options.length, options.rounds)) {
            rounds.push(match (kind, &mut held) {
                (Kind::Connections, _) => self.connections(remote, &target, length).await?,
                (Kind::PingPong, Some(stream)) => self.beside(median_micros(stream, length)).await?,
                (Kind::Bulk, _) => self.uploads(remote, length).await?,
                (Kind::Streams64, _) => self.streams(remote, STREAMS_AT_ONCE, length).await?,
                _ => self.streams(remote, 1, length).await?,
            });
        }
        let rounds = rounds.split_off(1);
        let mut sorted = rounds.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted[sorted.len() / 2];
        let members = json!({"kind": kind.name(), "unit": kind.unit(), "median": median, "rounds": rounds});
        Ok(members.as_object().cloned().unwrap_or_default())
    }

    async fn open(&mut self, remote: PeerId) -> Result<Stream, Failure> {
        let opener = self.opener.clone();
        self.beside(opener.open(remote, protocols::ECHO)).await
    }

    async fn streams(&mut self, remote: PeerId, at_once: usize, length: Duration) -> Result<f64, Failure> {
        let opener = self.opener.clone();
        let start = Instant::now();
        let done = if at_once == 1 {
            self.beside(streams_in_turn(opener, remote, start, length)).await?
        } else {
            let tasks = (0..at_once).map(|_| tokio::spawn(streams_in_turn(opener.clone(), remote, start, length)));
            let counts = self.beside(try_join_all(tasks)).await.map_err(Failure::other)?;
            counts.into_iter().sum::<Result<usize, Failure>>()?
        };
        Ok(per_second(done, start))
    }

    /// Uploads one after the other; gives MiB per second.
    async fn uploads(&mut self, remote: PeerId, length: Duration) -> Result<f64, Failure> {
        let opener = self.opener.clone();
        let start = Instant::now();
        let done = self.beside(uploads_in_turn(opener, remote, start, length)).await?;
        Ok(per_second(done, start) * UPLOAD_MIB as f64)
    }

    async fn connections(&mut self, remote: PeerId, target: &Multiaddr, length: Duration) -> Result<f64, Failure> {
        let start = Instant::now();
        let mut done = 0;
        while start.elapsed() < length {
            self.connect(remote, target).await?;
            let exchanged = exchange(self.open(remote).await?);
            self.beside(exchanged).await?;
            self.disconnect(remote).await?;
            done += 1;
        }
        Ok(per_second(done, start))
    }

    async fn connect(&mut self, remote: PeerId, target: &Multiaddr) -> Result<(), Failure> {
        self.swarm.dial(DialOpts::peer_id(remote).addresses(vec![target.clone()]).build()).map_err(Failure::other)?;
        loop {
            match self.swarm.select_next_some().await {
                SwarmEvent::ConnectionEstablished { .. } => return Ok(()),
                SwarmEvent::OutgoingConnectionError { error, .. } => return Err(Failure::other(error)),
                _ => {}
            }
        }
    }

    async fn disconnect(&mut self, remote: PeerId) -> Result<(), Failure> {
        self.swarm.disconnect_peer_id(remote).map_err(|()| Failure::other("the connection was closed"))?;
        while self.swarm.is_connected(&remote) {
            self.swarm.select_next_some().await;
        }
        Ok(())
    }
}

/// Opens streams one after the other, and says how many.
async fn streams_in_turn(opener: Opener, remote: PeerId, start: Instant, length: Duration) -> Result<usize, Failure> {
    let mut done = 0;
    while start.elapsed() < length {
        exchange(opener.open(remote, protocols::ECHO).await?).await?;
        done += 1;
    }
    Ok(done)
}

/// Sends bytes and the end, and waits for them to come back.
async fn exchange(mut stream: Stream) -> Result<(), Failure> {
    stream.write_all(&[0; BYTES]).await?;
    stream.close().await?;
    let mut buffer = [0; BYTES + 1];
    let mut length = 0;
    while length < buffer.len() {
        let n = stream.read(&mut buffer[length..]).await?;
        if n == 0 {
            break;
        }
        length += n;
    }
    if length == BYTES { Ok(()) } else { Err(Failure::other(format!("expected {BYTES} bytes, got {length} or more"))) }
}

/// Sends much on one stream after the other, and says on how many.
async fn uploads_in_turn(opener: Opener, remote: PeerId, start: Instant, length: Duration) -> Result<usize, Failure> {
    let mut done = 0;
    while start.elapsed() < length {
        upload(opener.open(remote, protocols::PERF).await?).await?;
        done += 1;
    }
    Ok(done)
}

/// Sends much, and waits until it has been received.
async fn upload(mut stream: Stream) -> Result<(), Failure> {
    stream.write_all(&0u64.to_be_bytes()).await?; // how much is to come back
    protocols::write_zeros(&mut stream, UPLOAD_MIB << 20).await?;
    stream.close().await?;
    match stream.read(&mut [0]).await? {
        0 => Ok(()),
        _ => Err(Failure::other("expected no bytes, got some")),
    }
}

/// Sends bytes there and back on one stream, one after the other.
async fn median_micros(stream: &mut Stream, length: Duration) -> Result<f64, Failure> {
    let mut buffer = [0; BYTES];
    let mut taken = vec![];
    let start = Instant::now();
    while taken.is_empty() || start.elapsed() < length {
        let sent = Instant::now();
        stream.write_all(&buffer).await?;
        stream.flush().await?;
        stream.read_exact(&mut buffer).await?;
        taken.push(sent.elapsed());
    }
    taken.sort();
    Ok(taken[taken.len() / 2].as_nanos() as f64 / 1000.0)
}

fn per_second(count: usize, start: Instant) -> f64 {
    count as f64 / start.elapsed().as_secs_f64()
}
