"""One page of a deal: its parties as columns, and what happened between them in the order of the ledger."""

from __future__ import annotations

import datetime
from html import escape
from pathlib import Path
from typing import NamedTuple

from allonge import LogEntry

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
QUIET = {"account_opened", "party_admitted"}
LEFT, LANE, STEP, TOP = 150, 190, 46, 86

STYLE = """
:root { color-scheme: light; font-family: system-ui, sans-serif; color: #1c2733; background: #fff; }
body { margin: 2rem auto; max-width: 82rem; padding: 0 1.5rem; line-height: 1.5; }
h1 { font-size: 1.5rem; margin-bottom: .25rem; }
.diagram { overflow-x: auto; }
svg text { font-size: 12px; fill: #1c2733; }
svg .who { font-weight: 600; }
svg .when, svg .article { fill: #5b6b7b; }
svg .article { font-size: 11px; }
svg .lane { stroke: #ccd5de; stroke-dasharray: 3 4; }
svg .money { stroke: #1a7f4b; fill: #1a7f4b; }
svg .claim { stroke: #1f5fbf; fill: #1f5fbf; }
svg .act { stroke: #5b6b7b; fill: #5b6b7b; }
svg .refused { stroke: #b3261e; fill: #b3261e; }
svg text.money, svg text.claim, svg text.act, svg text.refused { stroke: none; }
ul { padding-left: 1.2rem; }
.key span { margin-right: 1.5rem; }
"""


class Step(NamedTuple):
    """One thing that happened: whose act it is, whom it reaches, and how it is drawn."""

    when: str
    kind: str
    start: str
    end: str | None
    says: str
    article: str


def grouped(amount: object) -> str:
    """An amount as people read it: USD 1,482,258.19."""
    currency, figure = str(amount).split()
    whole, point, cents = figure.partition(".")
    return f"{currency} {int(whole):,}{point}{cents}"


def owner(account: str) -> str:
    """Whose account it is."""
    return account.partition("/")[0]


def steps_of(entry: LogEntry) -> list[Step]:
    """The steps of one transaction."""
    when = entry.time.astimezone(BEIJING).strftime("%d %b %H:%M")
    steps: list[Step] = []
    for record in entry.events:
        event, kind, start, end = record.event, "act", entry.author, None
        if event.type in QUIET or getattr(event, "reference", "") == "funding":
            continue
        says = event.type.replace("_", " ")
        match event.type:
            case "transferred":
                kind, start, end = "money", owner(event.from_), owner(event.to)
                says = grouped(event.amount)
            case "claim_assigned":
                kind, start, end = "claim", event.from_, event.to
                says = "the claim passes"
            case "claim_created":
                kind, start, end = "claim", event.obligor, event.holder_of_record
                says = f"owes {grouped(event.amount)}"
            case "trade_agreed":
                start, end = event.seller, event.buyer
            case "assignment_notified":
                end = event.obligor
            case "assignment_acknowledged":
                end = event.holder_of_record
            case _:
                pass
        article = f"{record.rule} {record.article}" if record.rule else ""
        steps.append(Step(when, kind, start, end if end != start else None, says, article))
    if entry.error is not None:
        article = f"{entry.error.rule} {entry.error.article}" if entry.error.rule else ""
        steps.append(Step(when, "refused", entry.author, None, entry.error.code, article))
    return steps


def draw(step: Step, y: int, places: dict[str, int]) -> str:
    """A dot on the column of whoever acts, or an arrow from one column to another."""
    start = places[step.start]
    kind = step.kind
    parts = [f'<text class="when" x="8" y="{y + 4}">{step.when}</text>']
    if step.end is None:
        mark = f"M{start - 5} {y - 5}L{start + 5} {y + 5}M{start - 5} {y + 5}L{start + 5} {y - 5}"
        if step.kind == "refused":
            parts.append(f'<path class="refused" stroke-width="2.5" d="{mark}"/>')
        else:
            parts.append(f'<circle class="{step.kind}" cx="{start}" cy="{y}" r="4.5"/>')
        x, anchor = start + 12, "start"
    else:
        end = places[step.end]
        tip = end - 7 if end > start else end + 7
        parts.append(f'<line class="{kind}" stroke-width="2" x1="{start}" y1="{y}" x2="{tip}" y2="{y}"/>')
        parts.append(f'<path class="{step.kind}" d="M{end} {y}L{tip} {y - 5}L{tip} {y + 5}Z"/>')
        x, anchor = (start + end) // 2, "middle"
    parts.append(
        f'<text class="{step.kind}" text-anchor="{anchor}" x="{x}" y="{y - 7}">{escape(step.says)}</text>'
        f'<text class="article" text-anchor="{anchor}" x="{x}" y="{y + 16}">{escape(step.article)}</text>'
    )
    return "".join(parts)


def write_page(path: Path, title: str, names: dict[str, str], entries: list[LogEntry]) -> None:
    """Writes the page. Accounts being opened and funded, and parties being admitted, are left out."""
    steps = [step for entry in entries for step in steps_of(entry)]
    places = {party: LEFT + LANE // 2 + LANE * place for place, party in enumerate(names)}
    width, height = LEFT + LANE * len(names) + 60, TOP + STEP * len(steps) + 20
    lanes = "".join(
        f'<line class="lane" x1="{x}" y1="48" x2="{x}" y2="{height}"/>'
        f'<text class="who" text-anchor="middle" x="{x}" y="34">{escape(party)}</text>'
        for party, x in places.items()
    )
    drawn = "\n".join(draw(step, TOP + STEP * place, places) for place, step in enumerate(steps))
    parties = "".join(f"<li><b>{escape(party)}</b>: {escape(name)}</li>" for party, name in names.items())
    path.write_text(
        f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
<h1>{escape(title)}</h1>
<p class="key">Every line is a transaction on the ledger, with the article behind it.
<svg width="380" height="16" role="img" aria-label="key">
<circle class="money" cx="8" cy="9" r="4.5"/><text x="18" y="13">money</text>
<circle class="claim" cx="88" cy="9" r="4.5"/><text x="98" y="13">the claim</text>
<circle class="act" cx="188" cy="9" r="4.5"/><text x="198" y="13">an act</text>
<circle class="refused" cx="268" cy="9" r="4.5"/><text x="278" y="13">refused</text></svg></p>
<div class="diagram">
<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">
{lanes}
{drawn}
</svg>
</div>
<ul>{parties}</ul>
</html>
""",
        encoding="utf-8",
    )
