//! Asking several validators for one answer: when the first is late a second is asked too, and the first answer that is
//! good is taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::health::Purpose;
use super::nodes::{Failure, Nodes};
use super::spawn;

/// So often it is seen to that the ledger is not closed meanwhile.
const LOOK_UP: Duration = Duration::from_millis(50);

/// What one validator said, and who.
type Said<T> = (usize, Result<T, Failure>);

/// Nobody is asked twice at once for one purpose. This is given back when the request ends.
struct Asked {
    nodes: Arc<Nodes>,
    url: String,
    purpose: Purpose,
}

impl Drop for Asked {
    fn drop(&mut self) {
        self.nodes.free(&self.url, self.purpose);
    }
}

impl Nodes {
    /// Asks validators in this order, each once the one before is late or failed, and answers the first good answer
    /// and whose it is; nothing when all failed, when `within` passed, or when the ledger is closed.
    ///
    /// A request that is overtaken ends by its own time limit, on a thread of its own. A validator that still owes an
    /// answer is not asked again for the same purpose, so that there are never more such threads than validators and
    /// purposes.
    pub(super) fn first_of<T: Send + 'static>(
        self: &Arc<Self>,
        purpose: Purpose,
        urls: &[String],
        within: Duration,
        stopping: &AtomicBool,
        ask: impl Fn(&Nodes, &str) -> Result<T, Failure> + Send + Sync + 'static,
        mut failed: impl FnMut(&str, Failure),
    ) -> Option<(String, T)> {
        let ask = Arc::new(ask);
        let end = Instant::now().checked_add(within)?;
        let (say, said) = channel::<Said<T>>();
        let mut next = urls.iter().enumerate();
        // Who is waited for, the last one asked at the end; when that one is late, and when another is to be asked.
        let mut waited_for: Vec<(usize, Instant)> = Vec::new();
        let mut late_at = None;
        let mut ask_next = true;
        loop {
            if stopping.load(Ordering::Acquire) {
                return None;
            }
            let now = Instant::now();
            if late_at.is_some_and(|late| now >= late) {
                if let Some((url, since)) =
                    waited_for.last().and_then(|(place, since)| Some((urls.get(*place)?, since)))
                {
                    self.late(url, purpose, now.saturating_duration_since(*since));
                }
                (late_at, ask_next) = (None, true);
            }
            if ask_next {
                ask_next = false;
                if let Some((place, url)) = next.by_ref().find(|(_, url)| self.ask_one(purpose, url)) {
                    late_at = now.checked_add(self.late_after(url, purpose));
                    waited_for.push((place, now));
                    self.start(purpose, place, url, Arc::clone(&ask), say.clone());
                } else if waited_for.is_empty() {
                    return None;
                }
            }
            let until = late_at.unwrap_or(end).min(end).min(now.checked_add(LOOK_UP)?);
            match said.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok((place, Ok(answer))) => return Some((urls.get(place)?.clone(), answer)),
                Ok((place, Err(failure))) => {
                    failed(urls.get(place)?, failure);
                    waited_for.retain(|(other, _)| *other != place);
                    (late_at, ask_next) = (None, true);
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() < end => {}
                Err(_) => return None,
            }
        }
    }

    /// Asks one on a thread of its own.
    fn start<T: Send + 'static>(
        self: &Arc<Self>,
        purpose: Purpose,
        place: usize,
        url: &str,
        ask: Arc<impl Fn(&Nodes, &str) -> Result<T, Failure> + Send + Sync + 'static>,
        say: Sender<Said<T>>,
    ) {
        let asked = Asked { nodes: Arc::clone(self), url: url.to_owned(), purpose };
        let told = say.clone();
        let spawned = spawn("allonge-asks", move || {
            let since = Instant::now();
            let answer = ask(&asked.nodes, &asked.url);
            asked.nodes.learn(&asked.url, purpose, since.elapsed(), answer.as_ref().err());
            drop(asked);
            // Another was quicker.
            let _ = say.send((place, answer));
        });
        if let Err(error) = spawned {
            // Whoever waits is here.
            let _ = told.send((place, Err(Failure::Unreachable(error))));
        }
    }
}
