//! An answer to come: one for those who wait, and one for an event loop.
//!
//! A blocking caller releases the interpreter and looks up ten times a second for signals. An event loop asks
//! once, and is told of the answer through a [`Queue`]: the thread that has the answer puts the number of the
//! question there and rings a socket that the loop watches. That thread never waits for the interpreter.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use allonge::{Error, LogEntry, Ordered, Status, Submission};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::boundary::{caught, error, to_exception};
use crate::outcome::Outcome;
use crate::wire;

/// What can take time to answer.
pub enum Answer {
    /// What became of a submission.
    Outcome(Box<allonge::Outcome>),
    /// A stage was reached.
    Done,
    /// Where a block has a transaction.
    Ordered(Ordered),
    /// Where the ledger stands.
    Status(Status),
    /// What happened.
    Entries(Vec<LogEntry>),
}

type Future_ = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>>;

/// An answer to come.
#[pyclass(frozen, module = "allonge._native")]
pub struct Pending {
    /// Gone when it was answered.
    future: Mutex<Option<Future_>>,
    /// What was handed over, of which nothing is known at the deadline.
    submission: Option<Submission>,
}

impl Pending {
    /// What becomes of a submission.
    pub fn outcome(submission: Submission) -> Self {
        let outcome = submission.outcome_async();
        let pending = Pending::new(async move { outcome.await.map(Box::new).map(Answer::Outcome) });
        Pending { submission: Some(submission), ..pending }
    }

    pub fn new(future: impl Future<Output = Result<Answer, Error>> + Send + 'static) -> Self {
        Pending { future: Mutex::new(Some(Box::pin(future))), submission: None }
    }

    /// Asks once. A question that panics is answered with the error of that.
    fn ask(&self, waker: &Waker) -> Poll<Result<Answer, Error>> {
        let mut place = lock(&self.future);
        let Some(future) = place.as_mut() else {
            return Poll::Ready(Err(error(
                "internal.error",
                "reason",
                "the answer was taken before, or given up",
            )));
        };
        let polled = caught(|| Ok(future.as_mut().poll(&mut Context::from_waker(waker))));
        let answered = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(answer)) => answer,
            Err(panic) => Err(panic),
        };
        *place = None;
        Poll::Ready(answered)
    }
}

#[pymethods]
impl Pending {
    /// Gives up: nobody asks again.
    fn cancel(&self) {
        drop(lock(&self.future).take());
    }

    /// The answer for whoever stopped waiting after so many milliseconds: of a submission its handle, else an error.
    fn late<'py>(&self, py: Python<'py>, deadline_ms: u64) -> PyResult<Bound<'py, PyAny>> {
        self.cancel();
        let unknown = self.submission.as_ref().map(|submission| submission.unknown(deadline_ms));
        let outcome = unknown.map(Box::new).map(Answer::Outcome);
        to_python(py, outcome.ok_or_else(|| error("deadline.exceeded", "milliseconds", deadline_ms)))
    }

    /// Waits for the answer, at most for so many milliseconds; then, or on a signal, gives up.
    #[pyo3(signature = (deadline_ms=None))]
    fn wait<'py>(&self, py: Python<'py>, deadline_ms: Option<u64>) -> PyResult<Bound<'py, PyAny>> {
        const LOOK_UP: Duration = Duration::from_millis(100);
        let end = deadline_ms.and_then(|wait| Instant::now().checked_add(Duration::from_millis(wait)));
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(bell.clone());
        loop {
            let polled = py.detach(|| match self.ask(&waker) {
                Poll::Pending => {
                    let left = end.map(|end| end.saturating_duration_since(Instant::now()));
                    bell.wait(left.map_or(LOOK_UP, |left| left.min(LOOK_UP)));
                    Poll::Pending
                }
                ready => ready,
            });
            if let Poll::Ready(answer) = polled {
                return to_python(py, answer);
            }
            py.check_signals().inspect_err(|_| self.cancel())?;
            if end.is_some_and(|end| end <= Instant::now())
                && let Some(wait) = deadline_ms
            {
                return self.late(py, wait);
            }
        }
    }

    /// The answer in a tuple, or None; then the number is put into the queue once there may be one.
    fn poll<'py>(
        &self,
        py: Python<'py>,
        queue: &Queue,
        number: u64,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let waker = Waker::from(Arc::new(Ticket { line: queue.line.clone(), number }));
        match py.detach(|| self.ask(&waker)) {
            Poll::Pending => Ok(None),
            Poll::Ready(answer) => PyTuple::new(py, [to_python(py, answer)?]).map(Some),
        }
    }
}

fn to_python(py: Python<'_>, answer: Result<Answer, Error>) -> PyResult<Bound<'_, PyAny>> {
    match answer.map_err(|error| to_exception(py, &error))? {
        Answer::Done => Ok(py.None().into_bound(py)),
        Answer::Ordered(ordered) => wire::to_python(py, &ordered),
        Answer::Status(status) => wire::to_python(py, &status),
        Answer::Entries(entries) => wire::to_python(py, &entries),
        Answer::Outcome(outcome) => Ok(Py::new(py, Outcome::from(*outcome))?.into_bound(py).into_any()),
    }
}

/// Rung when a blocking caller should ask again.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Bell {
    fn wait(&self, at_most: Duration) {
        let waited = self.changed.wait_timeout_while(lock(&self.rung), at_most, |rung| !*rung);
        *waited.unwrap_or_else(PoisonError::into_inner).0 = false;
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *lock(&self.rung) = true;
        self.changed.notify_one();
    }
}

/// The questions of one event loop that may have an answer.
#[pyclass(frozen, module = "allonge._native")]
pub struct Queue {
    line: Arc<Line>,
}

struct Line {
    numbers: Mutex<Vec<u64>>,
    socket: Socket,
}

/// Puts its number in the line.
struct Ticket {
    line: Arc<Line>,
    number: u64,
}

impl Wake for Ticket {
    fn wake(self: Arc<Self>) {
        let mut numbers = lock(&self.line.numbers);
        numbers.push(self.number);
        // Whoever takes one number takes them all.
        if numbers.len() == 1 {
            self.line.socket.ring();
        }
    }
}

#[pymethods]
impl Queue {
    #[new]
    fn new() -> PyResult<Self> {
        let socket = Socket::new().map_err(|failure| PyRuntimeError::new_err(failure.to_string()))?;
        Ok(Queue { line: Arc::new(Line { numbers: Mutex::default(), socket }) })
    }

    /// What the loop watches for reading; None where it has to wait in a thread.
    fn fileno(&self) -> Option<i32> {
        self.line.socket.fileno()
    }

    /// The numbers of the questions to ask again.
    fn take(&self) -> Vec<u64> {
        let mut numbers = lock(&self.line.numbers);
        self.line.socket.silence();
        std::mem::take(&mut numbers)
    }
}

#[cfg(unix)]
struct Socket {
    near: std::os::unix::net::UnixStream,
    far: std::os::unix::net::UnixStream,
}

#[cfg(unix)]
impl Socket {
    fn new() -> std::io::Result<Self> {
        let (near, far) = std::os::unix::net::UnixStream::pair()?;
        near.set_nonblocking(true)?;
        far.set_nonblocking(true)?;
        Ok(Socket { near, far })
    }

    fn fileno(&self) -> Option<i32> {
        Some(std::os::fd::AsRawFd::as_raw_fd(&self.near))
    }

    fn ring(&self) {
        // A socket that takes no more has been rung already.
        let _ = std::io::Write::write(&mut &self.far, &[0]);
    }

    fn silence(&self) {
        let mut rings = [0; 64];
        while std::io::Read::read(&mut &self.near, &mut rings).is_ok_and(|count| count == rings.len()) {}
    }
}

/// The event loops of other systems watch no sockets: there, a thread waits.
#[cfg(not(unix))]
struct Socket;

#[cfg(not(unix))]
impl Socket {
    fn new() -> std::io::Result<Self> {
        Ok(Socket)
    }

    fn fileno(&self) -> Option<i32> {
        None
    }

    fn ring(&self) {}

    fn silence(&self) {}
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
