"""The journal inside a workbook: what syncs did to it, as XML that Excel keeps and never shows."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

from xlmodel.book import Patched
from xlmodel.book.custom_parts import custom_part, with_custom_part
from xlmodel.sync.journal import stamp
from xlmodel.sync.plan_file import plan_sha256
from xlmodel.sync.planned import Plan

__all__ = ["NAMESPACE", "recorded"]

NAMESPACE = "urn:xlmodel:journal:1"
_END = b"</journal>"


def recorded(content: bytes, plan: Plan, counts: dict[str, int], path: Path) -> Patched:
    """Return a workbook with an entry for a plan at the end of its own journal; all else in it stays as it is.

    Parameters
    ----------
    content : bytes
        The workbook's file, the plan applied.
    plan : Plan
        What was applied.
    counts : dict
        How much of what.
    path : Path
        The workbook, for messages.
    """
    at, who = stamp()
    facts = {
        "at": at,
        "who": who,
        "feeds": ", ".join(feed.feed for feed in plan.feeds),
        "before": plan.sha256,
        "plan": plan_sha256(plan),
        "functions": plan.functions,
        **{what: str(count) for what, count in counts.items()},
    }
    entry = "".join(f" {name}={quoteattr(text)}" for name, text in facts.items())
    there = custom_part(content, NAMESPACE, path=path)
    if there is None or not there.endswith(_END):
        head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        there = f"{head}<journal xmlns={quoteattr(NAMESPACE)}></journal>".encode()
    xml = there[: -len(_END)] + f"<entry{entry}/>".encode() + _END
    return with_custom_part(content, NAMESPACE, xml, path=path)
