"""The steps of one letter of credit, for the tests that need a ledger with something on it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allonge import (
    AcceptPresentation,
    AdviseCredit,
    AllongeError,
    CloseCredit,
    Document,
    IssueCredit,
    Ledger,
    MappedCredit,
    Money,
    OpenAccount,
    Operation,
    PayClaim,
    PresentDocuments,
    Rejected,
    Session,
    Shipment,
    Transfer,
    _native,
    fin,
)

VECTORS = Path(__file__).parents[2] / "tests" / "vectors"

ISSUER = "SYNBCNBJXXX"
PRESENTER = "SYNADEFFXXX"
CREDIT = f"{ISSUER}/BJ26LC000127"
PRESENTATION = f"{CREDIT}/1"
ISSUER_ACCOUNT = f"{ISSUER}/USD/settlement"
PRESENTER_ACCOUNT = f"{PRESENTER}/USD/settlement"
hooks = pytest.mark.skipif(
    not hasattr(_native, "panic_at_once"), reason="the package is built without the feature test-hooks"
)
START = datetime.datetime(2026, 3, 2, 1, tzinfo=datetime.UTC)


def at(text: str) -> datetime.datetime:
    """An instant."""
    return datetime.datetime.fromisoformat(text)


def usd(amount: str) -> Money:
    """An amount in dollars."""
    return Money(amount, "USD")


def hook(name: str) -> Callable[[], Any]:
    """A function of the native layer that only builds for tests have."""
    found: Callable[[], Any] = getattr(_native, name)
    return found


class Story:
    """A ledger on the manual clock with two banks, one of them with money."""

    def __init__(self, ledger: Ledger, directory: Path) -> None:
        self.ledger = ledger
        self.directory = directory
        self.operator = ledger.operator()
        self.issuer = ledger.admit(ISSUER, "Synthetic Bank of China")
        self.presenter = ledger.admit(PRESENTER, "Synthetische Bank AG")
        self.operator.submit(OpenAccount(account="operator/USD/issue")).committed()
        self.issuer.submit(OpenAccount(account=ISSUER_ACCOUNT)).committed()
        self.presenter.submit(OpenAccount(account=PRESENTER_ACCOUNT)).committed()
        self.operator.submit(funding("2000000.00")).committed()

    def issue_and_advise(self) -> None:
        """Issues the credit of the sample message, and advises it."""
        self.issuer.submit(issue()).committed()
        self.presenter.submit(AdviseCredit(credit=CREDIT, authenticity="verified")).committed()

    def refusal(self, session: Session, operation: Operation) -> AllongeError:
        """The error that the rules answer, which must have a receipt."""
        outcome = session.submit(operation)
        assert isinstance(outcome, Rejected)
        assert outcome.events == ()
        proven = outcome.receipt.verify(self.ledger.trust)
        assert proven.error is not None
        assert proven.error.code == outcome.error.code
        try:
            outcome.committed()
        except AllongeError as error:
            assert error is outcome.error
            assert error.receipt == outcome.receipt
            return error


def mapped() -> MappedCredit:
    """The credit of the sample message."""
    return fin.letter_of_credit(fin.parse((VECTORS / "fin" / "mt700_usance.fin").read_bytes()))


def issue() -> IssueCredit:
    """Issues it."""
    credit = mapped()
    return IssueCredit(number=credit.number, terms=credit.terms)


def funding(amount: str) -> Transfer:
    """New money for the issuing bank."""
    return Transfer(from_="operator/USD/issue", to=ISSUER_ACCOUNT, amount=usd(amount), reference="funding")


def present(amount: str = "1250000.00") -> PresentDocuments:
    """Presents an invoice."""
    return PresentDocuments(
        credit=CREDIT,
        amount=usd(amount),
        account=PRESENTER_ACCOUNT,
        covering_reference="COVER-0042",
        shipment=Shipment(date=datetime.date(2026, 4, 20), evidence="on_board_notation"),
        documents=[
            Document(
                title="COMMERCIAL INVOICE",
                sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                length=3,
                media_type="application/pdf",
                originals=3,
                copies=3,
            )
        ],
    )


def accept() -> AcceptPresentation:
    """Accepts it."""
    return AcceptPresentation(presentation=PRESENTATION)


def pay(to: str = PRESENTER_ACCOUNT) -> PayClaim:
    """Pays the claim that came of it."""
    return PayClaim(claim=PRESENTATION, from_=ISSUER_ACCOUNT, to=to, amount=usd("1250000.00"))


def close() -> CloseCredit:
    """Closes the credit."""
    return CloseCredit(credit=CREDIT)
