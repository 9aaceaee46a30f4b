"""Plans as files that people review and commit: canonical JSON, the same bytes on every run."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

import msgspec

from xlmodel.errors import SyncError
from xlmodel.sync.planned import Plan

__all__ = ["plan_sha256", "plan_text", "read_plan"]

#: counts up whenever a plan of before can no longer be read
VERSION: Final = 1
_WHAT: Final = "xlmodel plan"
_DEEPEST: Final = 4
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def plan_text(plan: Plan) -> str:
    """Return a plan as JSON, a line for each fact; `read_plan` gives the same plan again.

    Parameters
    ----------
    plan : Plan
        What `make_plan` returned.

    Returns
    -------
    str
        Text that ends with a line break. It carries its own hash, so that a change by hand shows.
    """
    body = msgspec.to_builtins(plan)
    return _text({_WHAT: VERSION, "sha256": _hash(body), "plan": body}) + "\n"


def plan_sha256(plan: Plan) -> str:
    """Return the hash of a plan, as its file and the journal hold it."""
    return _hash(msgspec.to_builtins(plan))


def read_plan(text: str) -> Plan:
    """Return the plan that a text holds.

    Raises
    ------
    SyncError
        The text is no plan, is one of another version, or was changed after it was made.
    """
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise SyncError(f"this is no plan: JSON is needed, and it is not ({error}); make one with sync plan") from error
    if not isinstance(found, dict) or _WHAT not in found:
        raise SyncError(f"this is no plan: it lacks {_WHAT!r}; make one with sync plan")
    if found[_WHAT] != VERSION:
        raise SyncError(f"this plan is of version {found[_WHAT]!r}, and {VERSION} is needed; make it again")
    try:
        as_made = found.get("sha256") == _hash(found.get("plan"))
    except (ValueError, RecursionError):  # numbers that no plan holds, or lists without end
        as_made = False
    if not as_made:
        raise SyncError("this plan was changed after it was made; make it again, and choose with --choose")
    try:
        return msgspec.convert(found["plan"], Plan)
    except msgspec.ValidationError as error:
        raise SyncError(f"this is no plan: {error}; make it again") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of a name that is there twice, a person would read the one and a program the other."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _text(body: Any) -> str:
    written = _lines(body, 0)
    # half of a surrogate pair is no text in any encoding; JSON can escape it
    return _HALF_PAIR.sub(lambda half: f"\\u{ord(half[0]):04x}", written)


def _lines(body: Any, depth: int) -> str:
    """Write JSON that opens up as far as a feed's changes, each of which is a line."""
    if not body or depth > _DEEPEST or not isinstance(body, (dict, list, tuple)):
        return json.dumps(body, ensure_ascii=False, allow_nan=False)
    inner, end = "\n" + " " * (depth + 1), "\n" + " " * depth
    if not isinstance(body, dict):
        return "[" + inner + ("," + inner).join(_lines(item, depth + 1) for item in body) + end + "]"
    items = (f"{json.dumps(name, ensure_ascii=False)}: {_lines(item, depth + 1)}" for name, item in body.items())
    return "{" + inner + ("," + inner).join(items) + end + "}"


def _hash(body: Any) -> str:
    return hashlib.sha256(_text(body).encode()).hexdigest()
