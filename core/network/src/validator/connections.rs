//! The connections of clients: so many at once, and none that holds its place without asking.

use std::io::{Read as _, Write as _};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use allonge_ledger::Error;
use allonge_protocol::{MAX_HEAD_BYTES, MAX_HEADERS_OF_REQUEST, Problem};
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::limits::{ApiLimits, Gate, Place, source};
use super::tls::Tls;

/// How long nobody is let in when the operating system lets nobody in.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// The address that a request comes from, as far as limits tell it from others.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Answers whoever connects, as far as the limits go.
pub(super) async fn accept(listener: TcpListener, router: Router, gate: Arc<Gate>, tls: Option<Arc<Tls>>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (peer, router) = (Peer(source(peer.ip())), router.clone());
        // An answer that waits for more to send is only slower.
        drop(stream.set_nodelay(true));
        match &tls {
            Some(tls) => {
                // Over TLS whoever is refused sees that the connection is closed, and nothing else.
                let Ok(held) = gate.handshake(peer.0) else { continue };
                drop(tokio::spawn(secured(stream, tls.acceptor(), router, peer, Arc::clone(&gate), held)));
            }
            None => match gate.connect(peer.0) {
                Ok(held) => drop(tokio::spawn(answer(stream, router, peer, gate.limits, held))),
                // Whoever does not read why it was refused sees that the connection is closed.
                Err(error) => drop(refuse(stream, &error)),
            },
        }
    }
}

/// Answers over TLS, once it is known to whom.
async fn secured(
    stream: TcpStream,
    acceptor: TlsAcceptor,
    router: Router,
    peer: Peer,
    gate: Arc<Gate>,
    handshake: Place,
) {
    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        drop(handshake);
        let Ok(held) = gate.connect(peer.0) else { return };
        answer(stream, router, peer, gate.limits, held).await;
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    router: Router,
    peer: Peer,
    limits: ApiLimits,
    held: Place,
) {
    let head = Duration::from_millis(limits.head_ms);
    let service = TowerToHyperService::new(router.layer(Extension(peer)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS_OF_REQUEST)
        .serve_connection(TokioIo::new(stream), service);
    // What fails on one connection ends that one.
    drop(connection.await);
    drop(held);
}

/// Says why a connection is closed, without waiting for anything.
fn refuse(stream: TcpStream, error: &Error) -> std::io::Result<()> {
    let body = serde_json::to_string(&Problem::from(error)).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    let mut stream = stream.into_std()?;
    stream.write_all((head + &body).as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    // What is left unread would break the connection before the answer is read.
    let _ = stream.read(&mut [0; MAX_HEAD_BYTES])?;
    Ok(())
}
