//! The native part of the Python package `allonge`: translation only, no API.
//!
//! Records cross as plain Python data ([`wire`]), work is done with the interpreter released and its errors and
//! panics become exceptions ([`boundary`]), and what takes time is an answer to come ([`pending`]).

mod audit;
mod boundary;
mod evidence;
mod fin;
mod ledger;
mod light;
mod network;
mod outcome;
mod pending;
mod receipt;
mod session;
mod signer;
mod stream;
#[cfg(feature = "test-hooks")]
mod test_hooks;
mod wire;

#[pyo3::pymodule(gil_used = false)]
mod _native {
    use std::path::PathBuf;

    use pyo3::prelude::*;

    use crate::{boundary, wire};

    #[pymodule_export]
    use crate::audit::{replay, restore, verify_account, verify_answer, verify_history, verify_record};
    #[pymodule_export]
    use crate::evidence::{
        canonical_bytes, from_canonical_bytes, merkle_root, state_key, state_root, tagged_hash,
        verify_certificate, verify_inclusion, verify_signature, verify_state_proof, vet_key,
    };
    #[pymodule_export]
    use crate::fin::{fin_format, fin_letter_of_credit, fin_parse};
    #[pymodule_export]
    use crate::ledger::Ledger;
    #[pymodule_export]
    use crate::light::LightClient;
    #[pymodule_export]
    use crate::network::SimulatedNetwork;
    #[pymodule_export]
    use crate::outcome::{Outcome, Submission};
    #[pymodule_export]
    use crate::pending::{Pending, Queue};
    #[pymodule_export]
    use crate::receipt::{Receipt, Trust};
    #[pymodule_export]
    use crate::session::Session;
    #[pymodule_export]
    use crate::signer::Signer;
    #[pymodule_export]
    use crate::stream::Subscription;
    #[cfg(feature = "test-hooks")]
    #[pymodule_export]
    use crate::test_hooks::{panic_at_once, panic_in_answer};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// SHA-256 and length of a file.
    #[pyfunction]
    fn document_digest(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyAny>> {
        let digest = boundary::released(py, || allonge::document_digest(path))?;
        wire::to_python(py, &digest)
    }

    /// All rows of the error registry.
    #[pyfunction]
    fn errors(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        wire::to_python(py, allonge::registry())
    }

    /// Carries out a command line and answers the exit code.
    #[pyfunction]
    fn run_command(py: Python<'_>, arguments: Vec<String>) -> PyResult<u8> {
        boundary::released(py, || Ok(allonge_cli::run(arguments)))
    }
}
