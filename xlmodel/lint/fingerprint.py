"""Fingerprints: names of findings that stay the same when rows are inserted or the workbook is saved again."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from xlmodel.lint.finding import Finding
from xlmodel.lint.subject import Subject
from xlmodel.refs import Token, tokens

__all__ = ["fingerprinted"]


def fingerprinted(findings: Iterable[Finding], subject: Subject) -> list[Finding]:
    """Return findings with their fingerprints.

    A fingerprint is made of the rule, the sheet, what the first cell is called and the shape of its formula, without
    any row, column or value; those that agree in all of it are numbered in the order of the workbook.
    """
    seen: Counter[str] = Counter()
    out = []
    for finding in findings:
        traits = "\n".join(_traits(finding, subject))
        seen[traits] += 1
        digest = hashlib.sha256(f"{traits}\n{seen[traits]}".encode("utf-8", "surrogatepass"))
        out.append(replace(finding, fingerprint=digest.hexdigest()[:16]))
    return out


def _traits(finding: Finding, subject: Subject) -> tuple[str, ...]:
    if not finding.sheet or finding.cell is None:
        return finding.rule, finding.sheet, re.sub(r"\d+", "0", finding.message)
    row, col = finding.cell
    path = (" ".join(part.casefold().split()) for part in subject.labels.path(finding.sheet, row, col))
    return finding.rule, finding.sheet, *path, _formula(finding.sheet, row, col, subject)


def _formula(sheet_name: str, row: int, col: int, subject: Subject) -> str:
    sheet = subject.book.sheet(sheet_name)
    at = sheet.find(row, col)
    if at < 0 or sheet.formula[at] < 0:
        return ""
    return "=" + "".join(map(_shape, tokens(subject.book.formulas[sheet.formula[at]], r1c1=True)))


def _shape(token: Token) -> str:
    """Return a token without what an inserted row changes: where a reference leads within its sheet."""
    if token.area is not None:
        return f"{token.area.prefix.casefold()}{'cell' if token.area.single else 'range'}"
    return "" if token.text.isspace() else token.text.casefold()
