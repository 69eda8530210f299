//! A behaviour that opens raw streams on a given connection and gives every inbound one to a task of its own.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    future::{Ready, ready},
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use futures::{
    StreamExt,
    channel::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
};
use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol,
    core::{
        Endpoint, InboundUpgrade, UpgradeInfo,
        transport::PortUse,
        upgrade::ReadyUpgrade,
    },
    swarm::{
        ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
        StreamUpgradeError, SubstreamProtocol, THandlerInEvent, ToSwarm,
        handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound},
    },
};

use crate::{Failure, protocols};

type Protocols = Arc<Mutex<Vec<StreamProtocol>>>;
type Reply = oneshot::Sender<Result<Stream, Failure>>;

/// Opens streams on the newest connection to a peer, without the swarm: its task hears of them at once.
#[derive(Clone, Default)]
pub struct Opener(Arc<Mutex<HashMap<PeerId, UnboundedSender<Open>>>>);

impl Opener {
    pub async fn open(&self, peer: PeerId, protocol: StreamProtocol) -> Result<Stream, Failure> {
        let closed = || Failure::other("the connection was closed before a stream was open");
        let (reply, opened) = oneshot::channel();
        let connection = self.0.lock().unwrap().get(&peer).cloned().ok_or_else(closed)?;
        connection.unbounded_send(Open { protocol, reply }).map_err(|_| closed())?;
        opened.await.map_err(|_| closed())?
    }
}

pub struct Behaviour {
    accepted: Protocols,
    opener: Opener,
    pending: VecDeque<ToSwarm<Infallible, Open>>,
}

#[derive(Debug)]
pub struct Open {
    protocol: StreamProtocol,
    reply: Reply,
}

impl Behaviour {
    pub fn new(accepted: Vec<StreamProtocol>) -> Self {
        Behaviour { accepted: Arc::new(Mutex::new(accepted)), opener: Opener::default(), pending: VecDeque::new() }
    }

    pub fn accept(&mut self, protocol: StreamProtocol) {
        self.accepted.lock().unwrap().push(protocol);
    }

    pub fn open(&mut self, peer_id: PeerId, protocol: StreamProtocol, reply: Reply) {
        let event = Open { protocol, reply };
        self.pending.push_back(ToSwarm::NotifyHandler { peer_id, handler: NotifyHandler::Any, event });
    }

    pub fn opener(&self) -> Opener {
        self.opener.clone()
    }

    fn handler(&self, peer: PeerId) -> Handler {
        let (opens, wanted) = mpsc::unbounded();
        self.opener.0.lock().unwrap().insert(peer, opens);
        Handler { accepted: self.accepted.clone(), wanted, pending: VecDeque::new() }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(self.handler(peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(self.handler(peer))
    }

    fn on_swarm_event(&mut self, _: FromSwarm) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, THandlerInEvent<Self>>> {
        self.pending.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

pub struct Handler {
    accepted: Protocols,
    wanted: UnboundedReceiver<Open>,
    pending: VecDeque<Open>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Open;
    type ToBehaviour = Infallible;
    type InboundProtocol = AnyOf;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Reply;

    fn listen_protocol(&self) -> SubstreamProtocol<AnyOf> {
        SubstreamProtocol::new(AnyOf(self.accepted.lock().unwrap().clone()), ())
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, Reply, Infallible>> {
        if let Poll::Ready(Some(open)) = self.wanted.poll_next_unpin(cx) {
            self.pending.push_back(open);
        }
        match self.pending.pop_front() {
            Some(Open { protocol, reply }) => Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
                protocol: SubstreamProtocol::new(ReadyUpgrade::new(protocol), reply),
            }),
            None => Poll::Pending,
        }
    }

    fn on_behaviour_event(&mut self, open: Open) {
        self.pending.push_back(open);
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<AnyOf, Self::OutboundProtocol, (), Reply>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound { protocol: (stream, protocol), .. }) => {
                tokio::spawn(protocols::serve(protocol, stream));
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound { protocol: stream, info: reply }) => {
                let _ = reply.send(Ok(stream));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { error, info: reply }) => {
                let _ = reply.send(Err(match error {
                    StreamUpgradeError::Timeout => Failure::new("timeout", "the stream was not negotiated in time"),
                    StreamUpgradeError::NegotiationFailed => Failure::new("unsupported-protocol", "the protocol is not supported"),
                    StreamUpgradeError::Io(error) => error.into(),
                    StreamUpgradeError::Apply(never) => match never {},
                }));
            }
            _ => {}
        }
    }
}

/// Accepts any of some protocols, and says which.
pub struct AnyOf(Vec<StreamProtocol>);

impl UpgradeInfo for AnyOf {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for AnyOf {
    type Output = (Stream, StreamProtocol);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((stream, protocol)))
    }
}
