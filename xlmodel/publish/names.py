"""The defined names of a workbook part: a function's native form is one, and so is each hidden name it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from xml.sax.saxutils import quoteattr

from xlmodel.book.splice import Span, Splice, elements, is_empty_tag, splice
from xlmodel.book.xstring import formula_markup

__all__ = ["changed_names", "with_names", "without_names"]

#: the children of a workbook part that stand before definedNames
_BEFORE = frozenset(
    ("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
     "externalReferences")
)  # fmt: skip


def with_names(
    content: bytes,
    where: str,
    names: Mapping[str, str],
    *,
    hidden: Collection[str] = (),
    comments: Mapping[str, str] | None = None,
    sheet: int | None = None,
) -> bytes:
    """Return the workbook part with names added, each before the first that follows it in the alphabet, as Excel does.

    Parameters
    ----------
    content : bytes
        The workbook part.
    where : str
        Its name, for messages.
    names : mapping of name to formula
        As the file stores formulas. None of them may be there already.
    hidden : collection of str
        Those of them that the Name Manager does not show.
    comments : mapping of name to text
        What Excel shows beside a name while a formula is typed.
    sheet : int, optional
        The place of the sheet that they belong to, from 0; the whole workbook by default.
    """
    if not names:
        return content
    group, known, before = _read(content, where)
    name_of = group.name if group is not None else before[-1].name
    start = group if group is not None else before[-1]
    prefix = content[start.start + 1 : start.inner].split(name_of.encode(), 1)[0].decode()
    written = {
        name: f"<{prefix}definedName name={quoteattr(name)}"
        + (f" comment={quoteattr(comments[name])}" if comments and name in comments else "")
        + (f' localSheetId="{sheet}"' if sheet is not None else "")
        + (' hidden="1">' if name in hidden else ">")
        + f"{formula_markup(formula)}</{prefix}definedName>"
        for name, formula in sorted(names.items(), key=lambda item: item[0].casefold())
    }
    if group is None or not known:
        all_names = f"<{prefix}definedNames>{''.join(written.values())}</{prefix}definedNames>".encode()
        at = (before[-1].end, before[-1].end) if group is None else (group.start, group.end)
        return splice(content, [Splice(*at, all_names)])
    places: dict[int, str] = {}
    for name, element in written.items():
        after = (x.start for x in known if x.attributes.get("name", "").casefold() > name.casefold())
        at_byte = next(after, known[-1].end)
        places[at_byte] = places.get(at_byte, "") + element
    return splice(content, [Splice(at, at, new.encode()) for at, new in places.items()])


def without_names(content: bytes, where: str, unwanted: Callable[[str, str], bool]) -> bytes:
    """Return the workbook part without the names that are unwanted by name and formula."""
    group, known, _ = _read(content, where)
    if group is None:
        return content
    gone = [x for x in known if unwanted(x.attributes.get("name", ""), x.text)]
    if gone and len(gone) == len(known):
        return splice(content, [Splice(group.start, group.end, b"")])
    return splice(content, [Splice(x.start, x.end, b"") for x in gone])


def changed_names(content: bytes, where: str, change: Callable[[str], str]) -> bytes:
    """Return the workbook part with the formulas of its names changed; one that stays the same keeps its bytes."""
    _, known, _ = _read(content, where)
    splices = []
    for x in known:
        new = change(x.text)
        if new != x.text and not is_empty_tag(content, x.inner):
            end = content.rindex(b"<", x.inner, x.end)
            splices.append(Splice(x.inner, end, formula_markup(new).encode()))
    return splice(content, splices)


def _read(content: bytes, where: str) -> tuple[Span | None, list[Span], list[Span]]:
    """Return the element of all names, each name, and the elements that stand before them."""
    groups: list[Span] = []
    before: list[Span] = []

    def leave(span: Span) -> None:
        if span.name == "definedNames":
            groups.append(span)
        elif span.name in _BEFORE:
            before.append(span)

    elements(content, where, lambda name, a, depth, at: depth == 1, leave)
    group = groups[0] if groups else None
    known = [] if group is None else [x for x in group.children if x.name == "definedName"]
    return group, known, before
