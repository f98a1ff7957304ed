"""SWIFT messages: the text of a FIN file as a typed record, and back.

>>> message = fin.parse(Path("mt700.fin").read_bytes())
>>> credit = fin.letter_of_credit(message)
>>> bank.submit(IssueCredit(number=credit.number, terms=credit.terms))
"""

from __future__ import annotations

from . import _native
from ._records import FinRecord, MappedCredit, MappingOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._records import CalendarId


def parse(text: bytes | str) -> FinRecord:
    """Reads a message. Raises `FinError`, whose `faults` are all that is wrong with it."""
    return FinRecord.from_wire(_native.fin_parse(text.encode() if isinstance(text, str) else text))


def format(message: FinRecord) -> bytes:
    """Writes a message: as it was where nothing was edited, else in canonical form. Raises `FinError`."""
    return _native.fin_format(message.to_wire())


def letter_of_credit(
    *messages: FinRecord,
    expiry_calendar: CalendarId | None = None,
    examination_calendar: CalendarId | None = None,
    payment_calendar: CalendarId | None = None,
) -> MappedCredit:
    """The letter of credit that an MT 700, with any MT 701, states, and what became of every field.

    MT 700 has no field for banking-day calendars: they are derived from the countries of the banks and of the
    place of expiry, unless given. Raises `FinError`, whose `problems` are all that stands in the way.
    """
    options = MappingOptions(
        expiry_calendar=expiry_calendar,
        examination_calendar=examination_calendar,
        payment_calendar=payment_calendar,
    )
    wires = [message.to_wire() for message in messages]
    return MappedCredit.from_wire(_native.fin_letter_of_credit(wires, options.to_wire()))
