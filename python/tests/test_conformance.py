"""The scenarios of `tests/conformance`, played by the public API on a ledger in a directory.

Given what happened, when a party does this, then that comes of it, and which article says so. Every step is a
transaction in a block of its own, as in `core/trade/tests/conformance.rs`.
"""

from __future__ import annotations

import datetime
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from allonge import (
    AllongeError,
    Calendar,
    Committed,
    Ledger,
    LedgerEvent,
    Money,
    OpenAccount,
    Rejected,
    Session,
    Transfer,
)
from allonge._records import operation_from_wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from allonge._kinds import RecordKind

TOP = Path(__file__).parents[2]
OFFICE = "office"
# One kind is called otherwise in the files.
KINDS: dict[str, RecordKind] = {"letter_of_credit": "credit"}

Table = dict[str, Any]


def plain(value: object) -> Any:
    """A time or a date is its text."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in cast("Table", value).items()}
    if isinstance(value, list):
        return [plain(item) for item in cast("list[object]", value)]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def scenarios() -> Iterator[tuple[Table, Table]]:
    """Every scenario, with the file that it stands in."""
    for path in sorted((TOP / "tests" / "conformance").glob("*.toml")):
        file = plain(tomllib.loads(path.read_text(encoding="utf-8")))
        for scenario in file.get("scenario", ()):
            yield file, scenario


SCENARIOS = list(scenarios())


def shipped() -> dict[str, Table]:
    """The calendars that ship, by their ids."""
    paths = (TOP / "core" / "client" / "calendars").glob("*.json")
    calendars = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {calendar["id"]: calendar for calendar in calendars}


class Market:
    """A ledger on the manual clock, with the parties and the accounts of a file."""

    def __init__(self, file: Table, directory: Path) -> None:
        calendars = shipped() | {calendar["id"]: calendar for calendar in file.get("calendars", ())}
        self.ledger = Ledger.open(
            directory,
            clock="manual",
            start=datetime.datetime.fromisoformat(file["ledger"]["start"]),
            operator=OFFICE,
            currencies=file["ledger"]["currencies"],
            calendars=[Calendar.from_wire(calendar) for calendar in calendars.values()],
        )
        self.sessions: dict[str, Session] = {OFFICE: self.ledger.operator()}
        for party in file["parties"]:
            self.sessions[party["id"]] = self.ledger.admit(party["id"], party["name"])
        for currency in file["ledger"]["currencies"]:
            self.opens(f"{OFFICE}/{currency}/issue")
        for account in file.get("accounts", ()):
            self.opens(account["id"])
            if (amount := account.get("funded")) is not None:
                currency = account["id"].split("/")[1]
                funding = Transfer(
                    from_=f"{OFFICE}/{currency}/issue",
                    to=account["id"],
                    amount=Money(amount, currency),
                    reference="",
                )
                self.sessions[OFFICE].submit(funding).committed()

    def opens(self, account: str) -> None:
        """Its owner opens an account."""
        self.sessions[account.partition("/")[0]].submit(OpenAccount(account=account)).committed()

    def takes(self, step: Table) -> None:
        """A step comes out as it says."""
        if (time := step.get("at")) is not None:
            self.ledger.advance_to(datetime.datetime.fromisoformat(time))
        wires = [step["operation"]] if "operation" in step else []
        wires += step.get("operations", [])
        did = f"{', '.join(wire['type'] for wire in wires)} by {step['author']}"
        try:
            outcome = self.sessions[step["author"]].submit(*(operation_from_wire(wire) for wire in wires))
        except AllongeError as error:
            assert error.code == step.get("refused"), f"{did}: {error}"
            return
        match outcome:
            case Committed():
                trade = [
                    record.event for record in outcome.events if not isinstance(record.event, LedgerEvent)
                ]
                events = [event.type for event in trade]
                assert "refused" not in step, f"{did} came to {events}"
                assert events == step.get("events", events), did
            case Rejected():
                assert outcome.error.code == step.get("refused"), f"{did}: {outcome.error}"
            case _:
                pytest.fail(f"{did}: {outcome}")

    def has(self, then: Table) -> None:
        """A record is as expected, as far as that is said."""
        kind: RecordKind = KINDS[then["record"]] if then["record"] in KINDS else then["record"]
        record = self.ledger.record(kind, then["id"])
        assert record is not None, f"there is no {kind} {then['id']}"
        compare(record.to_wire(), then["is"], f"{kind} {then['id']}")


def compare(found: object, expected: object, where: str) -> None:
    """A value has all that is expected of it."""
    if not isinstance(expected, dict):
        assert found == expected, where
        return
    assert isinstance(found, dict), where
    for name, value in cast("Table", expected).items():
        assert name in found, f"{where}.{name}"
        compare(cast("Table", found)[name], value, f"{where}.{name}")


def before(file: Table, given: str | None) -> list[Table]:
    """The steps that a scenario stands on, the first first."""
    if given is None:
        return []
    (found,) = [one for one in file["given"] if one["name"] == given]
    return [*before(file, found.get("after")), *found["steps"]]


@pytest.mark.parametrize(("file", "scenario"), SCENARIOS, ids=[scenario["name"] for _, scenario in SCENARIOS])
def test_every_scenario_comes_out_as_its_article_says(file: Table, scenario: Table, tmp_path: Path) -> None:
    assert scenario["article"]
    assert scenario["steps"]
    market = Market(file, tmp_path)
    with market.ledger:
        for step in [*before(file, scenario.get("given")), *scenario["steps"]]:
            market.takes(step)
        for then in scenario.get("then", ()):
            market.has(then)


def test_there_are_scenarios_and_no_two_have_one_name() -> None:
    names = [scenario["name"] for _, scenario in SCENARIOS]
    assert len(names) > 100
    assert len(set(names)) == len(names)
