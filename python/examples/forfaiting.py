"""A claim of a letter of credit, sold on the market and sold on, and paid to whoever holds it at maturity.

    python forfaiting.py DIRECTORY

plays the deal on a ledger in the directory, prints the timeline, and leaves a page with a diagram there.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import sys
from pathlib import Path

from deal_page import write_page

from allonge import (
    AcceptPresentation,
    AcceptQuote,
    AcknowledgeAssignment,
    AdoptFingerprintKey,
    AdviseCredit,
    ConfirmFinancing,
    ConfirmTrade,
    Criteria,
    DiscountTerms,
    Document,
    Fingerprint,
    FingerprintToken,
    FirmOffer,
    ForfaitingTerms,
    IssueCredit,
    Ledger,
    LogEntry,
    Money,
    NotifyAssignment,
    OpenAccount,
    Outcome,
    PayClaim,
    PresentDocuments,
    PublishAsset,
    QuotePrice,
    QuoteSubjectEnquiry,
    Rejected,
    RequestQuotes,
    ReserveFinancing,
    RoundingPolicy,
    Session,
    SettleTrade,
    Shipment,
    TakeAsset,
    Transfer,
)
from allonge import LetterOfCreditTerms as Terms

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
ISSUING, HOLDER, BUYER, SECOND = "SYNBCNBJXXX", "SYNADEFFXXX", "SYNGSGSGXXX", "SYNCGB2LXXX"
NAMES = {
    ISSUING: "Synthetic Bank of China, Beijing: it issued the credit, and owes",
    HOLDER: "Synthetische Bank AG, Frankfurt: it presented, and holds the claim",
    BUYER: "Synthetic Bank of Singapore: it buys",
    SECOND: "Synthetic Bank of London: it buys from the buyer",
    "operator": "the operator: it issues money and keeps the registry's keys",
}
CREDIT, CLAIM = f"{ISSUING}/LC2026001", f"{ISSUING}/LC2026001/1"


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A time of 2026 in Beijing, where the issuing bank is."""
    return datetime.datetime(2026, month, day, hour, minute, tzinfo=BEIJING)


def usd(amount: str) -> Money:
    """Dollars."""
    return Money(amount, "USD")


def account(bank: str) -> str:
    """Where a bank pays from and is paid."""
    return f"{bank}/USD/settlement"


def story(directory: Path) -> list[LogEntry]:
    """Plays the whole deal, and answers its log."""
    with Ledger.open(directory, clock="manual", start=at(3, 2, 9), name="forfaiting") as ledger:
        operator = ledger.operator()
        issuing, holder, buyer, second = (
            ledger.admit(bank, NAMES[bank].split(":")[0]) for bank in (ISSUING, HOLDER, BUYER, SECOND)
        )
        fund(operator, issuing, holder, buyer, second)

        # A credit, documents, acceptance: a definite debt that is due in a hundred and fifty days.
        issuing.submit(IssueCredit(number="LC2026001", terms=terms())).committed()
        holder.submit(AdviseCredit(credit=CREDIT, authenticity="verified")).committed()
        ledger.advance_to(at(3, 16, 14))
        holder.submit(present()).committed()
        ledger.advance_to(at(3, 19, 10))
        issuing.submit(AcceptPresentation(presentation=CLAIM)).committed()

        # Before it lends against the invoice, the holder asks the registry; nobody else can finance it then.
        invoice = fingerprint("91110000MA0000000A|25112000000012345678|2026-03-10")
        operator.submit(AdoptFingerprintKey(key_id=KEY_ID, previous_until=at(3, 19, 10))).committed()
        finance(holder, "FIN-1", invoice).committed()
        refused(finance(buyer, "FIN-1", invoice))

        # The holder asks one bank for a quote without naming the claim, and accepts it: the trade date.
        holder.submit(
            RequestQuotes(
                number="RFQ-1",
                criteria=Criteria(
                    obligors=[ISSUING],
                    least=usd("1000000.00"),
                    most=usd("2000000.00"),
                    due_from=datetime.date(2026, 8, 1),
                    due_until=datetime.date(2026, 8, 31),
                ),
                invited=[BUYER],
                valid_until=at(3, 20, 18),
            )
        ).committed()
        buyer.submit(
            QuotePrice(
                number="Q-1",
                subject=QuoteSubjectEnquiry(listing=f"{HOLDER}/RFQ-1"),
                firm=firm(BUYER, "0.0310", at(3, 23, 9)),
                valid_until=at(3, 20, 12),
            )
        ).committed()
        holder.submit(
            AcceptQuote(number="T-1", quote=f"{BUYER}/Q-1", claim=CLAIM, account=account(HOLDER))
        ).committed()

        # It cannot sell the claim a second time.
        refused(
            holder.submit(
                PublishAsset(
                    number="A-1",
                    claim=CLAIM,
                    firm=firm(HOLDER, "0.0300", at(3, 23, 9)),
                    valid_until=at(3, 27, 18),
                )
            )
        )

        # Both confirm; on the value date the price and the claim change hands in one step.
        settle(ledger, holder, buyer, f"{HOLDER}/T-1", at(3, 23, 16))

        # The buyer offers the claim firmly, and a third bank takes it.
        ledger.advance_to(at(5, 18, 10))
        buyer.submit(
            PublishAsset(
                number="A-1",
                claim=CLAIM,
                firm=firm(BUYER, "0.0280", at(5, 20, 9)),
                valid_until=at(5, 19, 18),
            )
        ).committed()
        second.submit(TakeAsset(number="T-1", listing=f"{BUYER}/A-1", account=account(SECOND))).committed()
        settle(ledger, buyer, second, f"{SECOND}/T-1", at(5, 20, 16))
        second.submit(NotifyAssignment(claim=CLAIM, account=account(SECOND))).committed()
        issuing.submit(AcknowledgeAssignment(claim=CLAIM, account=account(SECOND))).committed()

        # At maturity the issuing bank pays whoever holds the claim, and nobody else.
        ledger.advance_to(at(8, 7, 9, 30))
        refused(pay(issuing, HOLDER))
        pay(issuing, SECOND).committed()

        log = ledger.subscribe()
        entries: list[LogEntry] = []
        while entry := log.poll():
            entries.append(entry)
        return entries


KEY_ID = "5a" * 32


def fingerprint(what: str) -> Fingerprint:
    """What stands for an invoice in the registry.

    The registrar's service makes it with a key that no bank has; here one key stands for that service.
    """
    token = hmac.new(b"the registrar's key", what.encode(), hashlib.sha256).hexdigest()
    return Fingerprint(tier="e1", token=FingerprintToken(key_id=KEY_ID, token=token))


def finance(bank: Session, number: str, invoice: Fingerprint) -> Outcome:
    """Reserves the whole of an invoice in the registry, and says that it was financed."""
    return bank.submit(
        ReserveFinancing(
            number=number,
            document="invoice",
            face=usd("1500000.00"),
            amount=usd("1500000.00"),
            expires_at=at(3, 26, 18),
            fingerprints=[invoice],
        ),
        ConfirmFinancing(financing=f"{bank.party}/{number}", amount=usd("1500000.00")),
    )


def firm(bank: str, rate: str, value: datetime.datetime) -> FirmOffer:
    """A firm offer at a rate: discount to yield, compounded semi-annually, as the market does."""
    exact = RoundingPolicy(factor="half_up", money="half_up", each_period=False)
    discount = DiscountTerms(
        method="to_yield_semi_annually", rate=rate, day_count="actual360", grace_days=2, rounding=exact
    )
    return FirmOffer(
        terms=ForfaitingTerms(
            discount=discount,
            value_date=value.date(),
            calendar="CN",
            recourse=["fraud", "invalid_claim"],
        ),
        account=account(bank),
    )


def settle(ledger: Ledger, seller: Session, buyer: Session, trade: str, when: datetime.datetime) -> None:
    """Both confirm a trade, and the buyer settles it on its value date."""
    seller.submit(ConfirmTrade(trade=trade)).committed()
    buyer.submit(ConfirmTrade(trade=trade)).committed()
    ledger.advance_to(when)
    buyer.submit(SettleTrade(trade=trade)).committed()


def pay(issuing: Session, to: str) -> Outcome:
    """The issuing bank pays the claim to a bank."""
    amount = usd("1500000.00")
    return issuing.submit(PayClaim(claim=CLAIM, from_=account(ISSUING), to=account(to), amount=amount))


def refused(outcome: Outcome) -> None:
    """What is refused stands in the log with the rule and the reason."""
    assert isinstance(outcome, Rejected), outcome


def fund(operator: Session, *banks: Session) -> None:
    """Opens accounts; the settlement agent issues the money that banks pay with."""
    operator.submit(OpenAccount(account="operator/USD/issue")).committed()
    for bank in banks:
        bank.submit(OpenAccount(account=account(bank.party))).committed()
        funding = Transfer(
            from_="operator/USD/issue",
            to=account(bank.party),
            amount=usd("2000000.00"),
            reference="funding",
        )
        operator.submit(funding).committed()


def terms() -> Terms:
    """A credit by deferred payment, 150 days after shipment."""
    return Terms.from_wire(
        {
            "form": "irrevocable",
            "applicable_rules": {"type": "ucp_latest_version"},
            "issuing_bank": ISSUING,
            "advising_bank": HOLDER,
            "applicant": {"name_and_address": ["SAMPLE IMPORTS CO LTD", "BEIJING"]},
            "beneficiary": {"name_and_address": ["SAMPLE EXPORTS GMBH", "FRANKFURT AM MAIN"]},
            "amount": {"amount": "1500000.00", "currency": "USD"},
            "date_of_issue": "2026-03-02",
            "expiry": {"date": "2026-06-30", "place": "BEIJING", "calendar": "CN"},
            "availability": {
                "with": {"type": "bank", "party": HOLDER},
                "by": {"type": "deferred_payment", "tenor": {"type": "after_shipment", "days": 150}},
            },
            "confirmation": "without",
            "examination_calendar": "CN",
            "payment_calendar": "CN",
        }
    )


def present() -> PresentDocuments:
    """A drawing of the whole amount."""
    invoice = Document(
        title="COMMERCIAL INVOICE",
        sha256=hashlib.sha256(b"INVOICE 25112000000012345678").hexdigest(),
        length=28,
        media_type="text/plain",
        originals=3,
        copies=3,
    )
    return PresentDocuments(
        credit=CREDIT,
        amount=usd("1500000.00"),
        account=account(HOLDER),
        covering_reference="COVER-0042",
        shipment=Shipment(date=datetime.date(2026, 3, 10), evidence="on_board_notation"),
        documents=[invoice],
    )


def print_timeline(entries: list[LogEntry]) -> None:
    """One line for each thing that happened: when, who, what, by which article, how much."""
    print_line("#", "time in Beijing", "who", "what", "article", "amount")
    for entry in entries:
        start = str(entry.height), entry.time.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M"), entry.author
        for record in entry.events:
            what, article = record.event.type.replace("_", " "), f"{record.rule or ''} {record.article or ''}"
            amount = getattr(record.event, "amount", None) or getattr(record.event, "face", None)
            print_line(*start, what, article, str(amount or ""))
        if entry.error is not None:
            article = f"{entry.error.rule or ''} {entry.error.article or ''}"
            print_line(*start, "REFUSED " + entry.error.code, article, "")


def print_line(*columns: str) -> None:
    """One line of the timeline."""
    height, time, who, what, article, amount = columns
    print(f"{height:>3}  {time:16}  {who:<11}  {what:<36}  {article.strip():<23}  {amount:>14}".rstrip())


def main() -> None:
    directory = Path(sys.argv[1])
    entries = story(directory)
    print_timeline(entries)
    write_page(directory / "deal.html", "A claim, sold and sold on", NAMES, entries)


if __name__ == "__main__":
    main()
