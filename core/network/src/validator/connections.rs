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
use tokio::net::{TcpListener, TcpStream};

use super::limits::{Connection, Gate};

/// How long nobody is let in when the operating system lets nobody in.
const PAUSE: Duration = Duration::from_millis(50);

/// The address that a request comes from.
#[derive(Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Answers whoever connects, as far as the limits go.
pub(super) async fn accept(listener: TcpListener, router: Router, gate: Arc<Gate>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        match gate.connect(peer.ip()) {
            Ok(held) => drop(tokio::spawn(answer(stream, router.clone(), Peer(peer.ip()), held))),
            // Whoever does not read why it was refused sees that the connection is closed.
            Err(error) => drop(refuse(stream, &error)),
        }
    }
}

async fn answer(stream: TcpStream, router: Router, peer: Peer, held: Connection) {
    let head = Duration::from_millis(held.limits().head_ms);
    // An answer that waits for more to send is only slower.
    drop(stream.set_nodelay(true));
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
