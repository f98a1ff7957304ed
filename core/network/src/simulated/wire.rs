//! What a simulated validator sends: as it is, with bytes changed, or to some of the others only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use commonware_actor::{Feedback, Unreliable};
use commonware_cryptography::ed25519::PublicKey;
use commonware_p2p::simulated::{Receiver, Sender, SplitTarget};
use commonware_p2p::{CheckedSender, LimitedSender, Recipients};
use commonware_runtime::{IoBufs, Supervisor as _, deterministic};

use crate::engine::{CHANNELS, Channels};

type Inner = Sender<PublicKey, deterministic::Context>;
/// The ends of the channels of one validator.
pub(crate) type Wires = Channels<Wire, Receiver<PublicKey>>;

/// Votes have the first channel.
const VOTES: usize = 0;
/// Of so many messages one is changed.
const CHANGED: u64 = 4;

/// The sending end of a channel.
#[derive(Clone)]
pub(crate) struct Wire {
    inner: Inner,
    /// Only these get anything.
    only: Option<Arc<[PublicKey]>>,
    /// Bytes are changed: how many messages were sent so far.
    tampered: Option<Arc<AtomicU64>>,
}

/// A message may be sent to those who are not sent too many.
pub(crate) struct Checked<'a> {
    inner: <Inner as LimitedSender>::Checked<'a>,
    tampered: Option<&'a AtomicU64>,
}

/// Channels on which everything is sent as it is.
pub(crate) fn honest(channels: [(Inner, Receiver<PublicKey>); CHANNELS]) -> Wires {
    channels.map(|(inner, receiver)| (Wire { inner, only: None, tampered: None }, receiver))
}

/// Channels on which bytes of what is sent are changed, but those of votes.
pub(crate) fn tampered(wires: Wires) -> Wires {
    let mut place = 0_usize;
    wires.map(|(wire, receiver)| {
        let tampered = (place != VOTES).then(Arc::default);
        place = place.saturating_add(1);
        (Wire { tampered, ..wire }, receiver)
    })
}

/// The channels of two validators with one key: each sends to its own of the others, and hears of these alone. Whoever
/// is among both hears of both.
pub(crate) fn split(
    context: &deterministic::Context,
    wires: Wires,
    first: &[PublicKey],
    second: &[PublicKey],
) -> Option<(Wires, Wires)> {
    let [first, second] = [first, second].map(Arc::<[PublicKey]>::from);
    let pairs = wires.into_iter().map(|(wire, receiver)| {
        let [hears_first, hears_second] = [&first, &second].map(Arc::clone);
        let route = move |(sender, _): &(PublicKey, _)| match (
            hears_first.contains(sender),
            hears_second.contains(sender),
        ) {
            (true, true) => SplitTarget::Both,
            (true, false) => SplitTarget::Primary,
            (false, true) => SplitTarget::Secondary,
            (false, false) => SplitTarget::None,
        };
        let (one, other) = receiver.split_with(context.child("split"), route);
        let [to_first, to_second] =
            [&first, &second].map(|only| Wire { only: Some(Arc::clone(only)), ..wire.clone() });
        ((to_first, one), (to_second, other))
    });
    let (ones, others): (Vec<_>, Vec<_>) = pairs.unzip();
    Some((ones.try_into().ok()?, others.try_into().ok()?))
}

impl LimitedSender for Wire {
    type PublicKey = PublicKey;
    type Checked<'a> = Checked<'a>;

    fn check(&mut self, recipients: Recipients<PublicKey>) -> Result<Checked<'_>, SystemTime> {
        let recipients = match &self.only {
            None => recipients,
            Some(only) => Recipients::Some(match recipients {
                Recipients::All => only.to_vec(),
                Recipients::Some(some) => some.into_iter().filter(|one| only.contains(one)).collect(),
                Recipients::One(one) => only.iter().filter(|of| **of == one).cloned().collect(),
            }),
        };
        let inner = LimitedSender::check(&mut self.inner, recipients)?;
        Ok(Checked { inner, tampered: self.tampered.as_deref() })
    }
}

impl CheckedSender for Checked<'_> {
    type PublicKey = PublicKey;

    fn recipients(&self) -> Vec<PublicKey> {
        self.inner.recipients()
    }

    fn send(self, message: impl Into<IoBufs> + Send, priority: bool) -> Unreliable<Feedback> {
        let Some(sent) = self.tampered else { return self.inner.send(message, priority) };
        let number = sent.fetch_add(1, Ordering::Relaxed);
        let message = tamper(message.into().coalesce().as_ref().to_vec(), number);
        self.inner.send(message, priority)
    }
}

/// Changes one message in [`CHANGED`]: a byte somewhere, or its length.
fn tamper(mut message: Vec<u8>, number: u64) -> Vec<u8> {
    if !number.is_multiple_of(CHANGED) {
        return message;
    }
    let round = number / CHANGED;
    // Steps that share no divisor with most lengths come to every place.
    let place = usize::try_from(round).unwrap_or(0).wrapping_mul(97);
    let place = place.checked_rem(message.len()).unwrap_or(0);
    match round % 4 {
        0 => message.truncate(place),
        1 => message.push(0),
        _ => {
            if let Some(byte) = message.get_mut(place) {
                *byte ^= 1;
            }
        }
    }
    message
}
