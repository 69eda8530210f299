//! The node-info record in its signed envelope, and its exchange as requests and responses that end with the stream.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{PeerId, StreamProtocol, core::SignedEnvelope, identity::Keypair, request_response};
use serde_json::{Map, Value, json};

use crate::{Failure, options::Options};

pub const PROTOCOL: StreamProtocol = StreamProtocol::new("/ssv/info/0.0.1");
const DOMAIN: &str = "ssv";
const PAYLOAD_TYPE: &[u8] = b"ssv/nodeinfo";
const LIMIT_BYTES: usize = 64 * 1024;

/// Seals our own node info; with `--wrong-signer` another key than the host's signs it.
pub fn seal(options: &Options, key: &Keypair) -> Vec<u8> {
    // Written as text: the order of the members is part of the format.
    let metadata = format!(
        r#"{{"NodeVersion":"rust-libp2p-peer{}","ExecutionNode":"none","ConsensusNode":"none","Subnets":"{}"}}"#,
        "x".repeat(options.pad),
        options.subnets
    );
    let payload = json!({"Entries": ["", options.own_network(), metadata]}).to_string();
    let other = options.wrong_signer.then(Keypair::generate_ed25519);
    SignedEnvelope::new(other.as_ref().unwrap_or(key), DOMAIN.into(), PAYLOAD_TYPE.into(), payload.into())
        .expect("a key of ours signs")
        .into_protobuf_encoding()
}

/// Opens and checks what the peer sent: envelope, signer, record. Its network is judged by `judge_network`.
pub fn open(bytes: &[u8], remote: PeerId) -> Result<Map<String, Value>, Failure> {
    if bytes.is_empty() {
        // Also after a reset: Yamux in rust does not tell one from an end of stream.
        return Err(Failure::new("no-answer", "the stream ended before the first byte"));
    }
    if bytes.len() > LIMIT_BYTES {
        return Err(Failure::new("too-large", format!("expected at most {LIMIT_BYTES} bytes, got more")));
    }
    let invalid = |error: String| Failure::new("invalid-envelope", format!("{} bytes: {error}", bytes.len()));
    let envelope = SignedEnvelope::from_protobuf_encoding(bytes).map_err(|e| invalid(e.to_string()))?;
    let (payload, key) =
        envelope.payload_and_signing_key(DOMAIN.into(), PAYLOAD_TYPE).map_err(|e| invalid(e.to_string()))?;
    let signer = key.to_peer_id();
    if signer != remote {
        return Err(Failure::new("wrong-signer", format!("signed by {signer}, not by {remote}")));
    }
    parse(payload).map_err(|error| Failure::new("invalid-node-info", error))
}

/// Compares the peer's network with those that we accept now.
pub fn judge_network(options: &Options, info: Map<String, Value>) -> Result<Map<String, Value>, Failure> {
    let accepted = options.accepted_networks();
    let theirs = info["networkId"].as_str().unwrap_or_default();
    if accepted.contains(&theirs) {
        return Ok(info);
    }
    let error = format!("their network is {theirs}, ours is {}", accepted.join(" or "));
    Err(Failure { details: info, ..Failure::new("network-mismatch", error) })
}

fn parse(payload: &[u8]) -> Result<Map<String, Value>, String> {
    let record: Value = serde_json::from_slice(payload).map_err(|e| e.to_string())?;
    let entries: Vec<&str> = record["Entries"]
        .as_array()
        .and_then(|entries| entries.iter().map(Value::as_str).collect())
        .ok_or("Entries is not a list of texts")?;
    if entries.len() < 2 {
        return Err(format!("expected at least 2 entries, got {}", entries.len()));
    }
    let metadata = match entries.get(2) {
        Some(text) => serde_json::from_str(text).map_err(|e| e.to_string())?,
        None => Value::Null,
    };
    let mut info = Map::new();
    info.insert("networkId".into(), entries[1].into());
    info.insert("metadata".into(), metadata);
    Ok(info)
}

/// Raw bytes to the end of the stream, no length in front.
#[derive(Clone, Default)]
pub struct Codec;

impl request_response::Codec for Codec {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>> {
        read_limited(io).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>> {
        read_limited(io).await
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T, request: Vec<u8>) -> io::Result<()> {
        io.write_all(&request).await?;
        io.close().await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T, response: Vec<u8>) -> io::Result<()> {
        io.write_all(&response).await?;
        io.close().await
    }
}

/// Reads to the end, or one byte more than the limit: what is too large is told by `open`.
async fn read_limited(io: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    io.take(LIMIT_BYTES as u64 + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}
