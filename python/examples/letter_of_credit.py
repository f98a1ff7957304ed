"""A letter of credit, from a SWIFT MT700 to its payment, on a ledger in a directory.

    python letter_of_credit.py MT700 DIRECTORY

prints the timeline, and leaves `receipt.allonge` beside the ledger's `genesis.json`.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path

import allonge
from allonge import (
    AcceptPresentation,
    AdviseCredit,
    CloseCredit,
    Document,
    IssueCredit,
    Ledger,
    LogEntry,
    Money,
    OpenAccount,
    PayClaim,
    PresentDocuments,
    Receipt,
    Session,
    Shipment,
    Transfer,
    document_digest,
    fin,
)

BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A time of 2026 in Beijing, where the issuing bank is."""
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def story(mt700: Path, directory: Path) -> Receipt:
    """Plays the whole story, and answers the receipt of the payment."""
    with Ledger.open(directory, clock="manual", start=at(3, 2, 9), name="demonstration") as ledger:
        operator = ledger.operator()
        issuing = ledger.admit("SYNBCNBJXXX", "Synthetic Bank of China")
        advising = ledger.admit("SYNADEFFXXX", "Synthetische Bank AG")
        fund(operator, issuing, advising)

        # The SWIFT message becomes terms; the report says what was exact, derived or not carried.
        credit = fin.letter_of_credit(fin.parse(mt700.read_bytes()))
        issuing.submit(IssueCredit(number=credit.number, terms=credit.terms)).committed()
        reference = f"{issuing.party}/{credit.number}"
        advising.submit(AdviseCredit(credit=reference, authenticity="verified")).committed()

        # The beneficiary's bank presents documents, each by its SHA-256.
        ledger.advance_to(at(4, 24, 14))
        advising.submit(present(reference, credit.terms.amount, mt700)).committed()
        presentation = f"{reference}/1"

        # Five per cent more may be drawn, and not a cent beyond: it is refused with the article.
        refused = advising.submit(present(reference, Money("62500.01", "USD"), mt700))
        assert not isinstance(refused, allonge.Committed)

        # The issuing bank examines within five banking days: 1 May is a holiday in China.
        ledger.advance_to(at(4, 30, 16))
        issuing.submit(AcceptPresentation(presentation=presentation)).committed()

        # 90 days after shipment on 20 April is a Sunday; the claim is due on the Monday.
        ledger.advance_to(at(7, 20, 9, 30))
        paid = issuing.submit(
            PayClaim(
                claim=presentation,
                from_="SYNBCNBJXXX/USD/settlement",
                to="SYNADEFFXXX/USD/settlement",
                amount=credit.terms.amount,
            )
        ).committed()
        issuing.submit(CloseCredit(credit=reference)).committed()

        print_columns("#", "time in Beijing", "who", "what", "article", "amount")
        log = ledger.subscribe()
        while entry := log.poll():
            print_entry(entry)
        return paid.receipt


def fund(operator: Session, issuing: Session, advising: Session) -> None:
    """Opens accounts; the settlement agent issues the money that the issuing bank will pay with."""
    operator.submit(OpenAccount(account="operator/USD/issue")).committed()
    issuing.submit(OpenAccount(account="SYNBCNBJXXX/USD/settlement")).committed()
    advising.submit(OpenAccount(account="SYNADEFFXXX/USD/settlement")).committed()
    operator.submit(
        Transfer(
            from_="operator/USD/issue",
            to="SYNBCNBJXXX/USD/settlement",
            amount=Money("2000000.00", "USD"),
            reference="funding",
        )
    ).committed()


def present(credit: str, amount: Money, invoice: Path) -> PresentDocuments:
    """A drawing, with the documents that support it."""
    digest = document_digest(invoice)
    return PresentDocuments(
        credit=credit,
        amount=amount,
        account="SYNADEFFXXX/USD/settlement",
        covering_reference="COVER-0042",
        shipment=Shipment(date=datetime.date(2026, 4, 20), evidence="on_board_notation"),
        documents=[
            Document(
                title="COMMERCIAL INVOICE",
                sha256=digest.sha256,
                length=digest.length,
                media_type="text/plain",
                originals=3,
                copies=3,
            )
        ],
    )


def print_entry(entry: LogEntry) -> None:
    """One line of the timeline for each thing that happened: when, who, what, by which article, how much."""
    for record in entry.events:
        amount = getattr(record.event, "amount", None)
        article = f"{record.rule} {record.article}" if record.rule else ""
        print_line(entry, record.event.type.replace("_", " "), article, str(amount or ""))
    if entry.error is not None:
        article = f"{entry.error.rule} {entry.error.article}" if entry.error.rule else ""
        print_line(entry, "REFUSED " + entry.error.code, article, "")


def print_line(entry: LogEntry, what: str, article: str, amount: str) -> None:
    time = entry.time.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    print_columns(str(entry.height), time, entry.author, what, article, amount)


def print_columns(*columns: str) -> None:
    height, time, who, what, article, amount = columns
    print(f"{height:>3}  {time:16}  {who:<11}  {what:<34}  {article:<23}  {amount:>14}".rstrip())


def main() -> None:
    mt700, directory = Path(sys.argv[1]), Path(sys.argv[2])
    receipt = story(mt700, directory)
    receipt.save(directory / "receipt.allonge")


if __name__ == "__main__":
    main()
