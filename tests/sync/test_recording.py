"""The record inside a workbook."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from xlmodel.book.custom_parts import custom_part, with_custom_part
from xlmodel.sync.planned import FeedPlan, Plan
from xlmodel.sync.recording import NAMESPACE, recorded


@pytest.fixture
def book(tmp_path: Path) -> Path:
    openpyxl.Workbook().save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def plan(before: str, feed: str = "ledger") -> Plan:
    return Plan("book.xlsx", before, "1.0", (FeedPlan(feed, "table T", {}, "", 0),), None)


def entries(content: bytes, book: Path) -> list[ElementTree.Element]:
    xml = custom_part(content, NAMESPACE, path=book)
    assert xml is not None
    return list(ElementTree.fromstring(xml))


def test_an_entry_a_sync(book):
    content = book.read_bytes()
    for number in (1, 2):
        content = recorded(content, plan(f"{number}" * 64, 'le"dger\n<&>'), {"cells": number}, book).content
    first, second = entries(content, book)
    assert (first.get("before"), second.get("before")) == ("1" * 64, "2" * 64)
    assert first.get("feeds") == 'le"dger\n<&>'
    assert first.get("who")
    assert second.get("cells") == "2"


def test_a_record_that_is_not_as_it_was_written_is_begun_anew(book):
    other = with_custom_part(book.read_bytes(), NAMESPACE, f'<x xmlns="{NAMESPACE}"/>'.encode(), path=book).content
    assert len(entries(recorded(other, plan("a" * 64), {}, book).content, book)) == 1
