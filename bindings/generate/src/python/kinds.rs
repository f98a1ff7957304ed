//! `_kinds.py` and `_async_kinds.py`: records by the names of their kinds, typed for each.

use std::fmt::Write;

use allonge::{RECORD_TYPES, RecordType};

use crate::python::NOTICE;

/// The modules, for threads and for `asyncio`.
pub fn modules() -> [String; 2] {
    let mut names: Vec<_> = RECORD_TYPES.iter().map(|of| of.record).collect();
    names.sort_unstable();
    names.dedup();
    let mut ids: Vec<_> = RECORD_TYPES.iter().map(|of| of.id).collect();
    ids.extend(["PartyId"]);
    ids.sort_unstable();
    ids.dedup();
    let mut imported: Vec<_> = names.iter().chain(&["RecordQuery", "RecordReference"]).collect();
    imported.sort_unstable();
    let imported: String = imported.iter().map(|name| format!("    {name},\n")).collect();
    let mut both: Vec<_> = names.iter().chain(&ids).map(|name| format!("        {name},\n")).collect();
    both.sort_unstable();
    let both = both.concat();
    [SYNC, ASYNC].map(|module| {
        module
            .replace("{notice}", NOTICE)
            .replace("{records}", &imported)
            .replace("{ids}", &ids.iter().map(|id| format!("        {id},\n")).collect::<String>())
            .replace("{names}", &both)
            .replace("{kinds}", &words(|_| true))
            .replace("{listed}", &words(|of| of.listed))
            .replace("{classes}", &classes())
            .replace("{gets}", &overloads(|_| true, get))
            .replace("{lists}", &overloads(|of| of.listed, list))
            .replace("{async_gets}", &asynchronous(&overloads(|_| true, get)))
            .replace("{async_lists}", &asynchronous(&overloads(|of| of.listed, list)))
    })
}

fn words(which: fn(&RecordType) -> bool) -> String {
    let kinds = RECORD_TYPES.iter().filter(|of| which(of));
    kinds.map(|of| format!("        {:?},\n", of.kind)).collect()
}

fn classes() -> String {
    RECORD_TYPES.iter().map(|of| format!("    {:?}: {},\n", of.kind, of.record)).collect()
}

fn overloads(which: fn(&RecordType) -> bool, write: fn(&RecordType, &mut String)) -> String {
    let mut source = String::new();
    for of in RECORD_TYPES.iter().filter(|of| which(of)) {
        source.push_str("        @overload\n");
        write(of, &mut source);
    }
    source
}

// Writing to a string cannot fail.
fn get(of: &RecordType, source: &mut String) {
    let RecordType { kind, id, record, .. } = of;
    let _ = writeln!(
        source,
        "        def record(\n            self, kind: Literal[{kind:?}], id: {id}, *, height: int | None = None\n        \
         ) -> {record} | None: ..."
    );
}

fn list(of: &RecordType, source: &mut String) {
    let RecordType { kind, record, .. } = of;
    let _ = writeln!(
        source,
        "        def records(\n            self,\n            kind: Literal[{kind:?}],\n            *,\n            \
         party: PartyId | None = None,\n            status: str | None = None,\n            \
         of: tuple[RecordKind, str] | None = None,\n            height: int | None = None,\n            \
         cursor: str | None = None,\n            limit: int | None = None,\n        ) -> Page[{record}]: ..."
    );
}

fn asynchronous(source: &str) -> String {
    source.replace("        def ", "        async def ")
}

const SYNC: &str = r#"{notice}"""Records by the names of their kinds."""

from __future__ import annotations

from ._query import Page, page_of
from ._record import optional
from ._records import (
{records})

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, overload

    from . import _native
    from ._record import Record
    from ._records import (
{ids}    )

    RecordKind = Literal[
{kinds}    ]
    ListedKind = Literal[
{listed}    ]

_CLASSES: dict[str, type[Record]] = {
{classes}}


def class_of(kind: RecordKind) -> type[Record]:
    """The class of the records of a kind; one that is not known raises what the core says of it."""
    return _CLASSES[kind]


class Records:
    """What a ledger says of records of every kind."""

    __slots__ = ()

    _native: _native.Ledger

    if TYPE_CHECKING:

{gets}        @overload
        def record(self, kind: RecordKind, id: str, *, height: int | None = None) -> Record | None: ...

    def record(self, kind: RecordKind, id: str, *, height: int | None = None) -> Record | None:
        """A record of a kind by its id, or None; with `height` as it stood after that block.

        An account is not kept by height: its balance is.

        Raises `InputError` for a kind or an id that is none, `BlockError` for a height that is not there.
        """
        wire = self._native.record(kind, id, height)
        return optional(class_of(kind).from_wire, wire)

    if TYPE_CHECKING:

{lists}
    def records(
        self,
        kind: ListedKind,
        *,
        party: PartyId | None = None,
        status: str | None = None,
        of: tuple[RecordKind, str] | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Any]:
        """Records of a kind of trade, a page at a time.

        Those that name a party in whatever part, of a status, that belong to another record, given as its
        kind and id: the quotes for a claim, the presentations under a credit. They are in the first order of
        their kind: a credit by its expiry, a claim by its due date, others by when they came into being.

        `height` asks for them as they stood after that block. A page has at most `limit` (100 unless said,
        1,000 at most) and the cursor of the next one.

        Raises `InputError`, `QueryError`, `BlockError`.
        """
        query = RecordQuery(
            party=party,
            status=status,
            of=None if of is None else RecordReference(kind=of[0], id=of[1]),
            height=height,
            cursor=cursor,
            limit=limit,
        )
        wire = self._native.records(kind, query.to_wire())
        return page_of(class_of(kind), wire)
"#;

const ASYNC: &str = r#"{notice}"""Records by the names of their kinds, for `asyncio`."""

from __future__ import annotations

from asyncio import to_thread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal, overload

    from ._kinds import ListedKind, RecordKind
    from ._ledger import Ledger
    from ._query import Page
    from ._record import Record
    from ._records import (
{names}    )


class AsyncRecords:
    """As `Records`, for `asyncio`."""

    __slots__ = ()

    _ledger: Ledger

    if TYPE_CHECKING:

{async_gets}        @overload
        async def record(self, kind: RecordKind, id: str, *, height: int | None = None) -> Record | None: ...

    async def record(self, kind: RecordKind, id: str, *, height: int | None = None) -> Record | None:
        """As `Ledger.record`."""
        ledger: Any = self._ledger
        record: Record | None = await to_thread(ledger.record, kind, id, height=height)
        return record

    if TYPE_CHECKING:

{async_lists}
    async def records(
        self,
        kind: ListedKind,
        *,
        party: PartyId | None = None,
        status: str | None = None,
        of: tuple[RecordKind, str] | None = None,
        height: int | None = None,
        cursor: str | None = None,
        limit: int | None = None,
    ) -> Page[Any]:
        """As `Ledger.records`."""
        ledger: Any = self._ledger
        page: Page[Any] = await to_thread(
            ledger.records,
            kind,
            party=party,
            status=status,
            of=of,
            height=height,
            cursor=cursor,
            limit=limit,
        )
        return page
"#;
