//! Waiting for one future on the calling thread, for a bounded time.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::Thread;
use std::time::{Duration, Instant};

use allonge_ledger::Error;

use crate::registry::DEADLINE_EXCEEDED;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits until the future answers, or for `deadline` at most.
///
/// Errors: `deadline.exceeded`, and the future's own.
pub(crate) fn wait<T>(
    future: impl Future<Output = Result<T, Error>>,
    deadline: Duration,
) -> Result<T, Error> {
    let started = Instant::now();
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return answer;
        }
        match deadline.checked_sub(started.elapsed()) {
            Some(left) if !left.is_zero() => std::thread::park_timeout(left),
            _ => return Err(DEADLINE_EXCEEDED.error().with("milliseconds", deadline.as_millis())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_never_answers_ends_at_the_deadline() {
        let never = std::future::pending::<Result<(), Error>>();
        let error = wait(never, Duration::from_millis(1)).unwrap_err();
        assert_eq!((error.code(), error.detail("milliseconds")), ("deadline.exceeded", Some("1")));
    }

    #[test]
    fn an_answer_from_another_thread_ends_the_wait() {
        let (sender, receiver) = futures_channel::oneshot::channel();
        let thread = std::thread::spawn(move || sender.send(7));
        let answer = wait(async { Ok(receiver.await.unwrap()) }, Duration::from_secs(60));
        assert_eq!(answer, Ok(7));
        thread.join().unwrap().unwrap();
    }
}
