//! Promises, and who does the work behind them.
//!
//! - [`promise`]: a future of the client. It needs no runtime, only somebody who polls it: one thread for the
//!   whole process, started by the first call. First come, first polled, so submissions keep their order.
//! - [`Blocking`]: files and long computations, on the pool that Node has for that.
//!
//! A panic in either rejects the promise.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use napi::bindgen_prelude::{AsyncTask, Object, ToNapiValue, TypeName};
use napi::{Env, Result, Task};

use crate::error::{internal, of_panic};

/// The promise of what a future will answer.
pub(crate) fn promise<T: ToNapiValue + Send + 'static>(
    env: &Env,
    future: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<Object<'_>> {
    let queue = QUEUE.as_ref().map_err(|reason| internal(reason))?;
    let (deferred, object) = env.create_deferred::<T, Box<dyn FnOnce(Env) -> Result<T> + Send>>()?;
    let settled = async move {
        match caught(future).await {
            Ok(value) => deferred.resolve(Box::new(move |_| Ok(value))),
            Err(error) => deferred.reject(error),
        }
    };
    let future: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(settled);
    Arc::new(Polled { future: Mutex::new(Some(future)), queue: queue.clone() }).wake();
    Ok(object)
}

/// Work for Node's pool.
pub(crate) fn blocking<T: ToNapiValue + TypeName + Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> AsyncTask<Blocking<T>> {
    AsyncTask::new(Blocking(Some(Box::new(work))))
}

type Work<T> = Box<dyn FnOnce() -> Result<T> + Send>;

/// A closure on its way to Node's pool.
pub struct Blocking<T>(Option<Work<T>>);

impl<T: ToNapiValue + TypeName + Send + 'static> Task for Blocking<T> {
    type Output = T;
    type JsValue = T;

    fn compute(&mut self) -> Result<T> {
        let work = self.0.take().ok_or_else(|| internal("a task ran twice"))?;
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(of_panic(panic.as_ref())))
    }

    fn resolve(&mut self, _: Env, output: T) -> Result<T> {
        Ok(output)
    }
}

/// The future, whose panics are errors.
async fn caught<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(Err(of_panic(panic.as_ref()))))
    })
    .await
}

/// A future between two polls; waking it puts it at the end of the queue.
struct Polled {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    queue: Sender<Arc<Polled>>,
}

impl Wake for Polled {
    fn wake(self: Arc<Self>) {
        let queue = self.queue.clone();
        // The thread never ends before the process.
        drop(queue.send(self));
    }
}

static QUEUE: LazyLock<std::result::Result<Sender<Arc<Polled>>, String>> = LazyLock::new(|| {
    let (sender, receiver) = channel();
    let thread = std::thread::Builder::new().name("allonge-node".to_owned());
    thread.spawn(move || poll_all(&receiver)).map(|_| sender).map_err(|error| error.to_string())
});

fn poll_all(queue: &Receiver<Arc<Polled>>) {
    while let Ok(next) = queue.recv() {
        let waker = Waker::from(Arc::clone(&next));
        let mut slot = next.future.lock().unwrap_or_else(PoisonError::into_inner);
        // Woken once more after its end, it is gone.
        let Some(mut future) = slot.take() else { continue };
        if future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            *slot = Some(future);
        }
    }
}
