"""Issue, prove and settle trade-finance instruments on a ledger that proves what it says.

| to | use |
|---|---|
| open a ledger | `Ledger.open`, `AsyncLedger.open` |
| simulate a network of banks in a test | `Ledger.simulate`, the fixtures of `allonge.pytest` |
| act as a party | `Session.submit` with operations such as `IssueCredit` |
| know before what would come of it, now or later | `Session.preview`, `Session.what_if` |
| know what a party may do next, and by when | `Ledger.next_steps` |
| know by which rules it was taken or refused | `Ledger.explain` |
| learn what became of it | `Committed`, `Rejected`, `Expired`, `Unknown`, `Receipt` |
| await each stage | `Session.start`, `Submission` |
| look up what became of a key | `Ledger.outcome`, `Ledger.pending` |
| check a receipt offline | `Receipt.verify` with a `Trust` |
| see what an account held and what moved | `Ledger.balance`, `Ledger.statement` |
| sign with several keys at once, or one after the other | `Ledger.session`, `Session.cosign` |
| find records by party, status and date | `Ledger.credits`, `Ledger.claims` and others |
| look up or list records of any kind | `Ledger.record`, `Ledger.records` |
| prove a record offline, or that there is none | `Ledger.prove`, `verify_record` |
| prove an account offline | `Ledger.prove_account`, `verify_account` |
| prove that a transaction was or never will be taken | `Ledger.prove_answer`, `verify_answer` |
| follow a network without a copy of it | `LightClient`, `Ledger.headers` |
| see who certifies the blocks | `Ledger.validators` |
| find out whether the ledger was forked | `Ledger.checkpoint`, `Ledger.prove_history`, `verify_history` |
| keep a copy, check one, and go back to it | `Ledger.backup`, `replay`, `restore` |
| check bytes, hashes, signatures and proofs singly | `allonge.evidence` |
| follow what happens | `Ledger.subscribe` |
| read SWIFT messages | `allonge.fin` |
| anchor a document | `document_digest` |
| look an error up | `errors` |
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import evidence as evidence
    from . import fin as fin
    from ._async import AsyncLedger as AsyncLedger
    from ._async import AsyncSession as AsyncSession
    from ._async import AsyncSimulatedNetwork as AsyncSimulatedNetwork
    from ._audit import replay as replay
    from ._audit import restore as restore
    from ._audit import verify_account as verify_account
    from ._audit import verify_answer as verify_answer
    from ._audit import verify_history as verify_history
    from ._audit import verify_record as verify_record
    from ._document import document_digest as document_digest
    from ._error import AllongeError as AllongeError
    from ._error import ErrorEntry as ErrorEntry
    from ._error import errors as errors
    from ._errors import *
    from ._ledger import Ledger as Ledger
    from ._ledger import Session as Session
    from ._light import LightClient as LightClient
    from ._network import SimulatedNetwork as SimulatedNetwork
    from ._outcome import AsyncSubmission as AsyncSubmission
    from ._outcome import Committed as Committed
    from ._outcome import Expired as Expired
    from ._outcome import Outcome as Outcome
    from ._outcome import Rejected as Rejected
    from ._outcome import Submission as Submission
    from ._outcome import Unknown as Unknown
    from ._query import Page as Page
    from ._query import ProvenRecord as ProvenRecord
    from ._receipt import Receipt as Receipt
    from ._receipt import Trust as Trust
    from ._record import Record as Record
    from ._records import *
    from ._signer import Signer as Signer
    from ._subscription import Subscription as Subscription

    __version__: str

# The modules that are a part of the API.
_MODULES = ("evidence", "fin")
# Where the names are that are written by hand. Records and errors are many, and found in their own modules.
_HOMES = {
    "AllongeError": "_error",
    "AsyncLedger": "_async",
    "AsyncSession": "_async",
    "AsyncSimulatedNetwork": "_async",
    "AsyncSubmission": "_outcome",
    "Committed": "_outcome",
    "ErrorEntry": "_error",
    "Expired": "_outcome",
    "Ledger": "_ledger",
    "LightClient": "_light",
    "Outcome": "_outcome",
    "Page": "_query",
    "ProvenRecord": "_query",
    "Receipt": "_receipt",
    "Record": "_record",
    "Rejected": "_outcome",
    "Session": "_ledger",
    "Signer": "_signer",
    "SimulatedNetwork": "_network",
    "Submission": "_outcome",
    "Subscription": "_subscription",
    "Trust": "_receipt",
    "Unknown": "_outcome",
    "document_digest": "_document",
    "errors": "_error",
    "replay": "_audit",
    "restore": "_audit",
    "verify_account": "_audit",
    "verify_answer": "_audit",
    "verify_history": "_audit",
    "verify_record": "_audit",
}


if not TYPE_CHECKING:

    def __getattr__(name):
        """Loads a name when it is first used, so that importing the package costs next to nothing."""
        from importlib import import_module

        if name in _MODULES:
            value = import_module(f".{name}", __name__)
        elif name == "__version__":
            value = import_module("._native", __name__).__version__
        elif name == "__all__":
            value = _all()
        elif name.startswith("_"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        else:
            home = _HOMES.get(name) or ("_errors" if name.endswith("Error") else "_records")
            try:
                value = getattr(import_module(f".{home}", __name__), name)
            except AttributeError:
                raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return _all()


def _all() -> list[str]:
    from . import _errors, _records

    return sorted({*_HOMES, *_MODULES, *_errors.__all__, *_records.__all__})
