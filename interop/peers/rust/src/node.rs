//! The swarm: TCP, Noise and Yamux; what happens in it goes out as `Told`, what is wanted of it comes in as `Command`.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use futures::{StreamExt, channel::oneshot};
use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol, Swarm, SwarmBuilder,
    core::{ConnectedPoint, transport::ListenerId},
    identify,
    identity::Keypair,
    multiaddr::Protocol,
    noise, ping, request_response,
    swarm::{
        ConnectionId, NetworkBehaviour, SwarmEvent,
        dial_opts::{DialOpts, PeerCondition},
    },
    tcp, yamux,
};
use serde_json::{Map, Value, json};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::timeout,
};

use crate::{Failure, nodeinfo, options::Options, protocols, streams};

mod exchanges;

pub const VERSION: &str = "0.57.1"; // as in Cargo.toml
const MANY: usize = 100_000;
const IDLE: Duration = Duration::from_secs(30);
const EXCHANGE: Duration = Duration::from_secs(5);
const STOP: Duration = Duration::from_secs(2);
const PING_INTERVAL_OF_AN_OPERATION: Duration = Duration::from_millis(2);

#[derive(NetworkBehaviour)]
pub struct Behaviour {
    ping: ping::Behaviour,
    identify: identify::Behaviour,
    node_info: request_response::Behaviour<nodeinfo::Codec>,
    streams: streams::Behaviour,
}

pub enum Command {
    /// Dials, also when the peer is connected.
    Dial(String),
    Close(String),
    CloseConnection(ConnectionId),
    Peers,
    Open(PeerId, StreamProtocol, oneshot::Sender<Result<Stream, Failure>>),
    Handshake(PeerId),
    Push(PeerId),
    Stop,
}

/// What happened.
pub enum Told {
    Connected { peer: PeerId, direction: &'static str, id: ConnectionId },
    Disconnected { peer: PeerId, direction: &'static str, id: ConnectionId },
    Dialed { address: String, peer: PeerId, id: ConnectionId },
    DialFailed { address: String, error: String },
    Identified { peer: PeerId, info: Box<identify::Info> },
    IdentifyFailed { error: String },
    Handshake { peer: PeerId, direction: &'static str, result: Result<Map<String, Value>, Failure> },
    /// We are about to close connections to the peer of our own accord.
    Closing { peer: PeerId, connections: usize, reason: &'static str, error: String },
    Pinged(Result<Duration, String>),
    Peers(BTreeMap<String, usize>),
    Error(String),
}

impl Told {
    pub fn members(self) -> Value {
        match self {
            Told::Connected { peer, direction, id } => {
                json!({"event": "connected", "peerId": peer.to_string(), "direction": direction, "connectionId": id.to_string()})
            }
            Told::Disconnected { peer, direction, id } => {
                json!({"event": "disconnected", "peerId": peer.to_string(), "direction": direction, "connectionId": id.to_string()})
            }
            Told::Dialed { address, peer, id } => {
                json!({"event": "dialed", "address": address, "peerId": peer.to_string(), "connectionId": id.to_string()})
            }
            Told::DialFailed { address, error } => json!({"event": "dial-failed", "address": address, "error": error}),
            Told::Identified { peer, info } => {
                let mut members = identity_members(&info);
                members.insert("event".into(), "identified".into());
                members.insert("peerId".into(), peer.to_string().into());
                members.into()
            }
            Told::IdentifyFailed { error } => json!({"event": "identify-failed", "error": error}),
            Told::Handshake { peer, direction, result } => {
                let mut members = result.map_or_else(Failure::members, |mut info| {
                    info.insert("ok".into(), true.into());
                    info
                });
                members.insert("event".into(), "handshake".into());
                members.insert("peerId".into(), peer.to_string().into());
                members.insert("direction".into(), direction.into());
                members.into()
            }
            Told::Closing { peer, connections, reason, error } => json!({
                "event": "closing", "peerId": peer.to_string(), "connections": connections, "reason": reason, "error": error
            }),
            Told::Pinged(Ok(rtt)) => json!({"event": "pinged", "micros": rtt.as_micros() as u64}),
            Told::Pinged(Err(error)) => json!({"event": "pinged", "error": error}),
            Told::Peers(peers) => json!({"event": "peers", "peers": peers}),
            Told::Error(error) => json!({"event": "error", "error": error}),
        }
    }
}

pub fn identity_members(info: &identify::Info) -> Map<String, Value> {
    let members = json!({
        "agentVersion": info.agent_version,
        "protocolVersion": info.protocol_version,
        "protocols": info.protocols.iter().map(|p| p.to_string()).collect::<Vec<_>>(),
        "listenAddresses": info.listen_addrs.iter().map(Multiaddr::to_string).collect::<Vec<_>>(),
        "observedAddress": info.observed_addr.to_string(),
    });
    members.as_object().cloned().unwrap_or_default()
}

pub struct Node {
    options: Options,
    key: Keypair,
    swarm: Swarm<Behaviour>,
    connections: HashMap<ConnectionId, (PeerId, &'static str)>,
    dials: HashMap<ConnectionId, String>,
    mismatched: HashSet<ConnectionId>,
    /// Peers whose connections are being closed, all of them.
    closing: HashSet<PeerId>,
}

impl Node {
    pub fn new(options: &Options) -> Result<Self, Failure> {
        let key = options.identity()?;
        let ping_config = match options.operation.as_str() {
            "ping" | "abort" => ping::Config::new().with_interval(PING_INTERVAL_OF_AN_OPERATION),
            _ => ping::Config::new(),
        };
        let (streams_at_once, negotiating_at_once) = if options.stock_limits { (100, 128) } else { (MANY, MANY) };
        let swarm = SwarmBuilder::with_existing_identity(key.clone())
            .with_tokio()
            .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
            .map_err(Failure::other)?
            .with_behaviour(|key| Behaviour {
                ping: ping::Behaviour::new(ping_config),
                identify: identify::Behaviour::new(
                    identify::Config::new("ipfs/0.1.0".into(), key.public()).with_agent_version(format!("rust-libp2p/{VERSION}")),
                ),
                node_info: request_response::Behaviour::new(
                    [(nodeinfo::PROTOCOL, request_response::ProtocolSupport::Full)],
                    request_response::Config::default()
                        .with_request_timeout(EXCHANGE)
                        .with_max_concurrent_streams(streams_at_once),
                ),
                streams: streams::Behaviour::new(if options.is_listener {
                    vec![protocols::ECHO, protocols::HALF, protocols::RESET, protocols::PERF]
                } else {
                    vec![]
                }),
            })
            .map_err(Failure::other)?
            .with_swarm_config(|config| {
                config.with_idle_connection_timeout(IDLE).with_max_negotiating_inbound_streams(negotiating_at_once)
            })
            .build();
        Ok(Node {
            options: options.clone(),
            key,
            swarm,
            connections: HashMap::new(),
            dials: HashMap::new(),
            mismatched: HashSet::new(),
            closing: HashSet::new(),
        })
    }

    pub fn peer_id(&self) -> PeerId {
        *self.swarm.local_peer_id()
    }

    /// Listens on all addresses, and gives those that came of it.
    pub async fn listen(&mut self, wanted: &[String]) -> Result<Vec<String>, Failure> {
        let mut waiting: HashSet<ListenerId> = HashSet::new();
        for address in wanted {
            let address: Multiaddr = address.parse().map_err(Failure::other)?;
            waiting.insert(self.swarm.listen_on(address).map_err(Failure::other)?);
        }
        let own = self.peer_id();
        let mut addresses = vec![];
        while !waiting.is_empty() {
            match self.swarm.select_next_some().await {
                SwarmEvent::NewListenAddr { listener_id, address } => {
                    waiting.remove(&listener_id);
                    addresses.push(address.with(Protocol::P2p(own)).to_string());
                }
                SwarmEvent::ListenerClosed { reason: Err(error), .. } => return Err(error.into()),
                _ => {}
            }
        }
        Ok(addresses)
    }

    pub async fn run(
        mut self,
        mut commands: UnboundedReceiver<Command>,
        own_commands: UnboundedSender<Command>,
        told: UnboundedSender<Told>,
    ) {
        loop {
            let events = tokio::select! {
                command = commands.recv() => match command {
                    None | Some(Command::Stop) => break,
                    Some(command) => self.on_command(command),
                },
                event = self.swarm.select_next_some() => self.on_event(event, &own_commands),
            };
            for event in events {
                let _ = told.send(event);
            }
        }
        for peer in self.swarm.connected_peers().copied().collect::<Vec<_>>() {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let _ = timeout(STOP, async {
            while self.swarm.connected_peers().next().is_some() {
                self.swarm.select_next_some().await;
            }
        })
        .await;
    }

    fn on_command(&mut self, command: Command) -> Vec<Told> {
        match command {
            Command::Dial(address) => match self.dial(&address) {
                Ok(id) => {
                    self.dials.insert(id, address);
                    vec![]
                }
                Err(error) => vec![Told::DialFailed { address, error }],
            },
            Command::Close(peer) => match peer.parse() {
                Ok(peer) => {
                    let _ = self.swarm.disconnect_peer_id(peer);
                    vec![]
                }
                Err(error) => vec![Told::Error(format!("{peer} is no peer id: {error}"))],
            },
            Command::CloseConnection(id) => {
                self.swarm.close_connection(id);
                vec![]
            }
            Command::Peers => {
                let mut peers = BTreeMap::new();
                for (peer, _) in self.connections.values() {
                    *peers.entry(peer.to_string()).or_insert(0) += 1;
                }
                vec![Told::Peers(peers)]
            }
            Command::Open(peer, protocol, reply) => {
                self.swarm.behaviour_mut().streams.open(peer, protocol, reply);
                vec![]
            }
            Command::Handshake(peer) => {
                self.start_handshake(peer);
                vec![]
            }
            Command::Push(peer) => {
                let behaviour = self.swarm.behaviour_mut();
                behaviour.streams.accept(protocols::PUSHED);
                behaviour.identify.push([peer]);
                vec![]
            }
            Command::Stop => vec![],
        }
    }

    fn dial(&mut self, address: &str) -> Result<ConnectionId, String> {
        let address: Multiaddr = address.parse().map_err(|e| format!("{address}: {e}"))?;
        let Some(Protocol::P2p(peer)) = address.iter().last() else {
            return Err(format!("{address} names no peer"));
        };
        let dial = DialOpts::peer_id(peer).condition(PeerCondition::Always).addresses(vec![address]).build();
        let id = dial.connection_id();
        self.swarm.dial(dial).map(|()| id).map_err(|e| e.to_string())
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>, own_commands: &UnboundedSender<Command>) -> Vec<Told> {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id: peer, connection_id: id, endpoint, num_established, .. } => {
                let direction = direction_of(&endpoint);
                self.connections.insert(id, (peer, direction));
                self.closing.remove(&peer);
                // The seed rule: the dialer starts, when no other connection to the peer is established.
                if (self.options.auto_handshake || self.options.anchor) && direction == "outbound" && num_established.get() == 1 {
                    self.start_handshake(peer);
                }
                let mut events = vec![Told::Connected { peer, direction, id }];
                if let Some(address) = self.dials.remove(&id) {
                    events.push(Told::Dialed { address, peer, id });
                }
                events
            }
            SwarmEvent::ConnectionClosed { peer_id: peer, connection_id: id, endpoint, .. } => {
                self.connections.remove(&id);
                self.mismatched.remove(&id);
                vec![Told::Disconnected { peer, direction: direction_of(&endpoint), id }]
            }
            SwarmEvent::OutgoingConnectionError { connection_id: id, error, .. } => match self.dials.remove(&id) {
                Some(address) => vec![Told::DialFailed { address, error: error.to_string() }],
                None => vec![],
            },
            SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event { result, .. })) if !self.options.is_listener => {
                vec![Told::Pinged(result.map_err(|e| e.to_string()))]
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received { peer_id: peer, info, .. })) => {
                vec![Told::Identified { peer, info: Box::new(info) }]
            }
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Error { error, .. })) => {
                vec![Told::IdentifyFailed { error: error.to_string() }]
            }
            SwarmEvent::Behaviour(BehaviourEvent::NodeInfo(event)) if self.options.anchor => self.on_node_info_as_anchor(event),
            SwarmEvent::Behaviour(BehaviourEvent::NodeInfo(event)) => self.on_node_info(event, own_commands),
            _ => vec![],
        }
    }
}

fn direction_of(endpoint: &ConnectedPoint) -> &'static str {
    if endpoint.is_dialer() { "outbound" } else { "inbound" }
}
