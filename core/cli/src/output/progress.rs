//! A progress bar for whoever watches and waits longer than a second.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::environment::Environment;
use crate::syntax::Given;

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const REDRAW: Duration = Duration::from_millis(100);

/// Progress of one piece of work; it disappears when dropped.
pub(crate) struct Progress {
    done: Arc<AtomicU64>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins work of so many parts, or of an unknown number.
    pub(crate) fn begin(
        what: &'static str,
        parts: Option<u64>,
        given: &Given,
        environment: &Environment<'_>,
    ) -> Progress {
        let done = Arc::new(AtomicU64::new(0));
        // With --json the standard error is one JSON document or nothing, on a terminal as well.
        let watched = environment.error_columns.is_some() && !given.json;
        let drawing = watched.then(|| draw(what, parts, Arc::clone(&done))).flatten();
        Progress { done, drawing }
    }

    /// One more part is done.
    pub(crate) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            drop(thread.join());
        }
    }
}

fn draw(
    what: &'static str,
    parts: Option<u64>,
    done: Arc<AtomicU64>,
) -> Option<(Sender<()>, JoinHandle<()>)> {
    let (stop, stopped) = channel();
    let waits = move |time| stopped.recv_timeout(time) == Err(RecvTimeoutError::Timeout);
    let work = move || {
        if !waits(PATIENCE) {
            return;
        }
        // A bar with a message is not drawn yet; setting one draws it, at 0.
        let bar = ProgressBar::with_draw_target(parts, ProgressDrawTarget::stderr()).with_message(what);
        let template = if parts.is_some() { "{msg} {wide_bar} {pos}/{len}" } else { "{spinner} {msg}" };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        while waits(REDRAW) {
            bar.set_position(done.load(Ordering::Relaxed));
            bar.tick();
        }
        bar.finish_and_clear();
    };
    // Without a thread there is no bar, and the work goes on.
    let thread = std::thread::Builder::new().name("allonge-progress".to_owned()).spawn(work).ok()?;
    Some((stop, thread))
}
