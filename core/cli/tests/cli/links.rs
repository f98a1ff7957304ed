//! Links between processes that a test can cut: each goes through a relay of its own.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A relay. It listens as long as the test runs.
pub struct Link {
    pub address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    cut: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Link {
    /// Whoever connects to its address is connected to another.
    pub fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::<State>::default();
        let relay = Arc::clone(&state);
        thread::spawn(move || {
            for caller in listener.incoming().map_while(Result::ok) {
                if !relay.cut.load(Ordering::SeqCst)
                    && let Ok(called) = TcpStream::connect(target)
                {
                    relay.join(caller, called);
                }
            }
        });
        Link { address, state }
    }

    /// What is connected breaks, and nobody connects any more.
    pub fn cut(&self) {
        self.state.cut.store(true, Ordering::SeqCst);
        for stream in self.state.open.lock().unwrap().drain(..) {
            // The other end may have closed it.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Whoever connects again is connected.
    pub fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }
}

impl State {
    fn join(&self, caller: TcpStream, called: TcpStream) {
        let mut open = self.open.lock().unwrap();
        for (from, to) in [(&caller, &called), (&called, &caller)] {
            let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            open.push(from.try_clone().unwrap());
            thread::spawn(move || {
                let mut bytes = [0; 1 << 14];
                while let Ok(count @ 1..) = from.read(&mut bytes)
                    && to.write_all(&bytes[..count]).is_ok()
                {}
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    }
}
