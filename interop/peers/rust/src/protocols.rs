//! What the listener does on the streams of the test protocols.

use std::io::{self, ErrorKind};

use futures::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{Stream, StreamProtocol};
use sha2::{Digest, Sha256};

pub const ECHO: StreamProtocol = StreamProtocol::new("/echo/1.0.0");
pub const HALF: StreamProtocol = StreamProtocol::new("/half/1.0.0");
pub const RESET: StreamProtocol = StreamProtocol::new("/reset/1.0.0");
pub const PERF: StreamProtocol = StreamProtocol::new("/perf/1.0.0");
pub const PUSHED: StreamProtocol = StreamProtocol::new("/pushed/1.0.0");

pub const CHUNK_BYTES: usize = 64 * 1024;

/// Serves one stream. To drop a stream that was not closed is to reset it.
pub async fn serve(protocol: StreamProtocol, mut stream: Stream) {
    let served = match protocol.as_ref() {
        "/echo/1.0.0" => echo(&mut stream).await,
        "/half/1.0.0" => half(&mut stream).await,
        "/reset/1.0.0" => stream.read(&mut [0]).await.and(Err(ErrorKind::ConnectionReset.into())),
        "/perf/1.0.0" => perf(&mut stream).await,
        _ => Ok(()),
    };
    if served.is_ok() {
        let _ = stream.close().await;
    }
}

async fn echo(stream: &mut Stream) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let n = stream.read(&mut chunk).await?;
        if n == 0 {
            return Ok(());
        }
        stream.write_all(&chunk[..n]).await?;
        stream.flush().await?;
    }
}

async fn half(stream: &mut Stream) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut hash = Sha256::new();
    let mut length = 0;
    loop {
        let n = stream.read(&mut chunk).await?;
        if n == 0 {
            break;
        }
        hash.update(&chunk[..n]);
        length += n;
    }
    stream.write_all(format!("{:x} {length}", hash.finalize()).as_bytes()).await
}

async fn perf(stream: &mut Stream) -> io::Result<()> {
    let mut header = [0; 8];
    stream.read_exact(&mut header).await?;
    let mut chunk = vec![0; CHUNK_BYTES];
    while stream.read(&mut chunk).await? > 0 {}
    write_zeros(stream, u64::from_be_bytes(header)).await
}

pub async fn write_zeros(stream: &mut (impl AsyncWrite + Unpin), size: u64) -> io::Result<()> {
    let zeros = vec![0; CHUNK_BYTES];
    let mut left = size;
    while left > 0 {
        let n = left.min(CHUNK_BYTES as u64);
        stream.write_all(&zeros[..n as usize]).await?;
        left -= n;
    }
    Ok(())
}
