"""Reading where a feed's rows come from: ``source`` of ``[sync.feed.NAME]``, and the URLs of databases."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote_plus

import regex

from xlmodel.errors import ConfigurationError
from xlmodel.sync.declared import FileSource, FolderSource, Source, SqlSource, WorkbookSource
from xlmodel.sync.declared_table import DeclaredTable

__all__ = ["checked_url", "parse_source"]

_ENCODINGS = {"utf-8": "utf-8-sig", "utf-8-sig": "utf-8-sig", "cp1252": "cp1252"}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_URL = re.compile(r"(?P<scheme>[\w+]+)://(?:[^:/@]*(?::(?P<password>[^@]*))?@)?(?P<rest>.*)", re.DOTALL)
_FROM_ENVIRONMENT = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}", re.ASCII)
_SECRET_PARAMETER = re.compile(r"(?:^|[?&;])\s*[^=&;]*(?:password|passwd|pwd|secret|token)[^=&;]*=([^&;]*)", re.I)
_EMBEDDED = re.compile(r"(?P<scheme>(?:sqlite|duckdb)(?:\+\w+)?):///(?P<file>[^/:?][^?]*)(?P<more>\?.*)?")


def parse_source(entry: DeclaredTable, folder: Path) -> Source:
    """Return the source that a table declares; its files are relative to a folder."""
    kind = entry.one_of("file", "folder", "workbook", "url")
    if kind == "file":
        return _file(entry, folder)
    if kind == "folder":
        return _months(entry, folder)
    if kind == "workbook":
        entry.only("workbook", "place")
        return WorkbookSource(entry.path("workbook", folder), entry.text("place"))
    entry.only("url", "sql")
    return SqlSource(checked_url(entry, folder), entry.text("sql"))


def _file(entry: DeclaredTable, folder: Path) -> FileSource:
    path = entry.path("file", folder)
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        entry.only("file")
        return FileSource(path, "parquet")
    if suffix not in (".csv", ".txt", ".tsv"):
        entry.refuse("file", "must be a file that ends in .csv, .txt, .tsv or .parquet", entry.text("file"))
    entry.only("file", "encoding", "separator")
    return FileSource(path, "csv", _encoding(entry), _separator(entry, "\t" if suffix == ".tsv" else ","))


def _months(entry: DeclaredTable, folder: Path) -> FolderSource:
    entry.only("folder", "files", "month", "first", "last", "encoding", "separator")
    files, month = entry.text("files"), entry.text("month", "")
    if Path(files).suffix.lower() not in (".csv", ".txt", ".parquet") or "/" in files or "\\" in files:
        entry.refuse("files", "must be a pattern for names that end in .csv, .txt or .parquet: ledger_*.csv", files)
    if month:
        try:
            groups = regex.compile(month).groupindex
        except regex.error as reason:
            entry.refuse("month", f"must be a regular expression ({reason})", month)
        if "month" not in groups:
            entry.refuse("month", r"must have a group named month, as in (?P<month>\d{4}-\d{2})", month)
    first, last = entry.text("first", ""), entry.text("last", "")
    for key, text in (("first", first), ("last", last)):
        if text and not _MONTH.fullmatch(text):
            entry.refuse(key, "must be a month such as 2024-04", text)
        if text and not month:
            entry.refuse(key, "needs month, which says where a file's name has its month")
    if first and last and first > last:
        entry.refuse("first", f"must not come after last, which is {last}", first)
    return FolderSource(
        entry.path("folder", folder), files, month, first, last, _encoding(entry), _separator(entry, ",")
    )


def _encoding(entry: DeclaredTable) -> str:
    return _ENCODINGS[entry.word("encoding", tuple(_ENCODINGS), "utf-8")]


def _separator(entry: DeclaredTable, default: str) -> str:
    separator = entry.text("separator", default) if entry.whole().get("separator") != "\t" else "\t"
    if len(separator) != 1 or separator in '"\r\n\0':
        entry.refuse("separator", "must be one character, such as ;", separator)
    return separator


def checked_url(entry: DeclaredTable, folder: Path) -> str:
    """Return the URL of a database as it is declared, with the file of an embedded one in the project's folder.

    Raises
    ------
    ConfigurationError
        It is no URL, or a secret stands in it; the text does not show it.
    """
    url = entry.text("url").strip()
    if _FROM_ENVIRONMENT.fullmatch(url):
        return url
    where = f"{entry.where} url"
    parts = _URL.fullmatch(url)
    if parts is None:
        raise ConfigurationError(f"{where} must be a database's address, such as sqlite:///ledger.db")
    secrets = [parts["password"] or "", *_SECRET_PARAMETER.findall(unquote_plus(parts["rest"].partition("?")[2]))]
    if any(secret and not _FROM_ENVIRONMENT.fullmatch(secret) for secret in secrets):
        raise ConfigurationError(
            f"{where} must hold no password: put it into an environment variable and write ${{NAME}} in its place"
        )
    embedded = _EMBEDDED.fullmatch(url)
    if embedded is None:
        return url
    file = entry.path("url", folder, embedded["file"]).absolute().as_posix()
    return f"{embedded['scheme']}:///{file}{embedded['more'] or ''}"
