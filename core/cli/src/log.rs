//! What a validator that runs says of itself, on standard error.

use std::io;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

/// Writes to standard error what is logged from now on: a line each, as JSON where the command's answer is.
///
/// Where this process logs elsewhere already, it goes on to.
pub fn begin(json: bool) {
    // The engine's words are for its developers: it speaks of errors also when it stops as it should.
    let heard = Targets::new().with_target("allonge", tracing::Level::INFO);
    let lines = fmt::layer().with_ansi(false).with_writer(io::stderr);
    let lines = if json { lines.json().flatten_event(true).boxed() } else { lines.boxed() };
    drop(tracing_subscriber::registry().with(lines.with_filter(heard)).try_init());
}
