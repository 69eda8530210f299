//! What becomes of the node-info exchanges: as a peer that closes the one connection, and as an Anchor node.

use std::time::Duration;

use libp2p::{PeerId, request_response};
use tokio::{sync::mpsc::UnboundedSender, time::sleep};

use super::{Command, Node, Told};
use crate::{Failure, nodeinfo};

const MISMATCH_CLOSE_DELAY: Duration = Duration::from_millis(500);

type Event = request_response::Event<Vec<u8>, Vec<u8>>;

impl Node {
    pub(super) fn start_handshake(&mut self, peer: PeerId) {
        let request = nodeinfo::seal(&self.options, &self.key);
        self.swarm.behaviour_mut().node_info.send_request(&peer, request);
    }

    pub(super) fn on_node_info(&mut self, event: Event, own_commands: &UnboundedSender<Command>) -> Vec<Told> {
        use request_response::Message;
        match event {
            Event::Message { peer, connection_id, message: Message::Request { request, channel, .. } } => {
                let result = nodeinfo::open(&request, peer).and_then(|info| nodeinfo::judge_network(&self.options, info));
                let mismatch = matches!(&result, Err(failure) if failure.reason == Some("network-mismatch"));
                // Another network is answered, then the connection is closed; a bad request is not answered: its stream is reset.
                if result.is_ok() || mismatch {
                    if mismatch {
                        self.mismatched.insert(connection_id);
                    }
                    let response = nodeinfo::seal(&self.options, &self.key);
                    let _ = self.swarm.behaviour_mut().node_info.send_response(channel, response);
                }
                vec![Told::Handshake { peer, direction: "inbound", result }]
            }
            Event::Message { peer, connection_id, message: Message::Response { response, .. } } => {
                let result = nodeinfo::open(&response, peer).and_then(|info| nodeinfo::judge_network(&self.options, info));
                if result.is_err() && self.options.is_listener {
                    self.swarm.close_connection(connection_id);
                }
                vec![Told::Handshake { peer, direction: "outbound", result }]
            }
            Event::ResponseSent { connection_id, .. } => {
                if self.mismatched.remove(&connection_id) {
                    let own_commands = own_commands.clone();
                    tokio::spawn(async move {
                        sleep(MISMATCH_CLOSE_DELAY).await;
                        let _ = own_commands.send(Command::CloseConnection(connection_id));
                    });
                }
                vec![]
            }
            // We left out the response ourselves, and told why.
            Event::InboundFailure { error: request_response::InboundFailure::ResponseOmission, .. } => vec![],
            Event::InboundFailure { peer, error, .. } => {
                vec![Told::Handshake { peer, direction: "inbound", result: Err(from_inbound(error)) }]
            }
            Event::OutboundFailure { peer, error, .. } => {
                vec![Told::Handshake { peer, direction: "outbound", result: Err(from_outbound(error)) }]
            }
        }
    }

    /// As an Anchor node: it answers whatever is a node info, judges then, and closes all connections to the peer on any failure.
    pub(super) fn on_node_info_as_anchor(&mut self, event: Event) -> Vec<Told> {
        use request_response::Message;
        let (peer, direction, result) = match event {
            Event::Message { peer, message: Message::Request { request, channel, .. }, .. } => {
                let opened = nodeinfo::open(&request, peer);
                if opened.is_ok() {
                    let response = nodeinfo::seal(&self.options, &self.key);
                    let _ = self.swarm.behaviour_mut().node_info.send_response(channel, response);
                }
                (peer, "inbound", opened.and_then(|info| nodeinfo::judge_network(&self.options, info)))
            }
            Event::Message { peer, message: Message::Response { response, .. }, .. } => {
                let opened = nodeinfo::open(&response, peer);
                (peer, "outbound", opened.and_then(|info| nodeinfo::judge_network(&self.options, info)))
            }
            Event::ResponseSent { .. } => return vec![],
            // We left out the response ourselves, and told why.
            Event::InboundFailure { error: request_response::InboundFailure::ResponseOmission, .. } => return vec![],
            Event::InboundFailure { peer, error, .. } => (peer, "inbound", Err(from_inbound(error))),
            Event::OutboundFailure { peer, error, .. } => (peer, "outbound", Err(from_outbound(error))),
        };
        let closing = result.as_ref().err().and_then(|failure| self.close_all(peer, failure));
        [Some(Told::Handshake { peer, direction, result }), closing].into_iter().flatten().collect()
    }

    /// Closes all connections to the peer, and tells so unless they are being closed already.
    fn close_all(&mut self, peer: PeerId, failure: &Failure) -> Option<Told> {
        let connections = self.connections.values().filter(|(other, _)| *other == peer).count();
        let _ = self.swarm.disconnect_peer_id(peer);
        if connections == 0 || !self.closing.insert(peer) {
            return None;
        }
        let reason = failure.reason.unwrap_or("other");
        Some(Told::Closing { peer, connections, reason, error: failure.error.clone() })
    }
}

fn from_inbound(error: request_response::InboundFailure) -> Failure {
    match error {
        request_response::InboundFailure::Io(error) => from_io(error),
        request_response::InboundFailure::Timeout => Failure::new("timeout", error),
        request_response::InboundFailure::ConnectionClosed => Failure::new("connection-closed", error),
        error => Failure::new("stream", error),
    }
}

fn from_outbound(error: request_response::OutboundFailure) -> Failure {
    match error {
        request_response::OutboundFailure::Timeout => Failure::new("timeout", error),
        request_response::OutboundFailure::ConnectionClosed => Failure::new("connection-closed", error),
        request_response::OutboundFailure::UnsupportedProtocols => Failure::new("unsupported-protocol", error),
        request_response::OutboundFailure::Io(error) => from_io(error),
        error => Failure::new("stream", error),
    }
}

fn from_io(error: std::io::Error) -> Failure {
    let reason = match error.kind() {
        std::io::ErrorKind::TimedOut => "timeout",
        _ => "reset",
    };
    Failure::new(reason, error)
}
