//! A trade scenario as data: who takes part, with what money, and what happens step by step.

mod file;
mod plan;
mod play;

pub(crate) use file::Scenario;
pub(crate) use plan::Plan;
pub(crate) use play::{Admitted, Done, End, Played, play};
