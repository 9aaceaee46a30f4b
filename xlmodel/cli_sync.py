"""`xlmodel sync`: data into workbooks and results out, planned, looked at, applied and undone."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from xlmodel.cli_options import TIME_LIMIT, means_of
from xlmodel.config import Settings, load_settings
from xlmodel.console import Unusable
from xlmodel.errors import ConfigurationError
from xlmodel.report.escape import as_json, safe

if TYPE_CHECKING:
    from xlmodel.stopping import StoppableMeans
    from xlmodel.sync.declared import SyncSettings
    from xlmodel.sync.planned import Plan, Side

__all__ = ["sync"]

_NARROWEST, _WIDEST = 80, 100
_PLAN = ".json"
_BOOK = click.argument("book", required=False, type=click.Path(path_type=Path), metavar="[BOOK]")
_EVERYTHING = click.option("--all", "everything", is_flag=True, help="Show everything, however long.")
_WORKBOOK = click.option(
    "--workbook", type=click.Path(path_type=Path), metavar="BOOK", help="Only the feeds of this workbook."
)


def _choices(_ctx: click.Context, _option: click.Parameter, given: Sequence[str]) -> dict[str, Side]:
    sides: dict[str, Side] = {"source": "source", "workbook": "workbook"}
    chosen: dict[str, Side] = {}
    for text in given:
        conflict, equals, word = text.rpartition("=")
        side = sides.get(word)
        if not conflict or not equals or side is None:
            raise click.BadParameter(f"{safe(text)} must be a conflict and a side: C4F2A=source or C4F2A=workbook")
        if chosen.setdefault(conflict, side) != side:
            raise click.BadParameter(f"{safe(conflict)} is given both sides")
    return chosen


_CHOOSE = click.option(
    "--choose",
    "choices",
    multiple=True,
    callback=_choices,
    metavar="CONFLICT=SIDE",
    help="Decide a conflict, or all of a feed by the feed's name: SIDE is source or workbook. May be repeated.",
)


class _InOrder(click.Group):
    """A group whose help lists commands in the order in which they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names as they were added."""
        return list(self.commands)


@click.group(cls=_InOrder)
def sync() -> None:
    """Bring data into workbooks, and take results out, as xlmodel.toml declares.

    plan shows what would change, cell by cell; apply does it; undo takes it back; log says who did what, when.
    """


@sync.command(short_help="Say how each feed stands to its workbook.")
@_BOOK
def status(book: Path | None) -> None:
    """Say how each feed stands to its workbook: up to date, or who changed what.

    Exit codes: 0 all up to date, 1 something waits or is in the way, 2 unusable.
    """
    from xlmodel.report.sync_log import status_lines, waits
    from xlmodel.sync.status import status as stand

    settings, means = _project(None)
    workbook = None if book is None else _workbook(settings, book)
    with means.stoppable():
        found = stand(settings, means, workbook)
    _print(status_lines(found, _width()))
    sys.exit(int(any(map(waits, found))))


@sync.command(short_help="Show what would change; write nothing.")
@click.argument("feeds", nargs=-1, metavar="[FEED]...")
@_WORKBOOK
@_CHOOSE
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="PLAN", help="Write the plan there, to apply."
)
@click.option("--json", "as_data", is_flag=True, help="Print the plan as JSON.")
@_EVERYTHING
@TIME_LIMIT
def plan(
    feeds: Sequence[str],
    workbook: Path | None,
    choices: Mapping[str, Side],
    out: Path | None,
    as_data: bool,
    everything: bool,
    time_limit: float | None,
) -> None:
    """Show what feeds would change in their workbooks, and what follows from it; write nothing.

    FEED is a name from xlmodel.toml; all by default. A plan that is written with --out can be reviewed, kept, and
    applied by somebody else: it is applied only while the workbook and the sources are what it was made from. One with
    conflicts, problems or checks that would begin to fail is shown, and not written.

    Exit codes: 0 it can be applied, or there is nothing to do; 1 conflicts, problems or checks stand in the way; 2
    unusable.
    """
    settings, means = _project(time_limit)
    wanted = _wanted(settings, feeds, workbook)
    if len(wanted) > 1:
        for option, used in (("--out", out), ("--json", as_data), ("--choose", choices)):
            if used:
                raise click.UsageError(f"{option} is for one workbook: name feeds, or the workbook with --workbook")
    if out is not None and out.suffix != _PLAN:
        raise click.UsageError(f"--out {safe(out)}: the name of a plan must end in {_PLAN}")
    from xlmodel.sync.plan_file import plan_text
    from xlmodel.sync.planning import make_plan

    blocked = False
    for number, (path, names) in enumerate(wanted.items()):
        _working(f"Reading the sources, and calculating {safe(path.name)} with what they change ...")
        with means.stoppable():
            made = make_plan(settings, path, means, feeds=names, choices=choices).plan
        stopped = made.blocked or _refused(made, settings)
        if out is not None and not stopped:
            out.write_text(plan_text(made), "utf-8", newline="\n")
        if as_data:
            click.echo(as_json(json.loads(plan_text(made))))
        else:
            if number:
                click.echo()
            asked = [*feeds, *_option("--workbook", workbook)]
            chosen = [f"--choose={conflict}={side}" for conflict, side in made.choices.items()]
            again = " ".join(map(_quoted, [*asked, *chosen] if out is None else [str(out)]))
            _show(made, settings, [*asked, *_option("--out", out)], everything, again)
        blocked |= stopped
    sys.exit(int(blocked))


@sync.command(short_help="Apply a plan, or plan, show, ask and apply.")
@click.argument("what", nargs=-1, metavar="[PLAN.json|FEED...]")
@_WORKBOOK
@_CHOOSE
@click.option("--yes", is_flag=True, help="Do not ask.")
@_EVERYTHING
@TIME_LIMIT
def apply(
    what: Sequence[str],
    workbook: Path | None,
    choices: Mapping[str, Side],
    yes: bool,
    everything: bool,
    time_limit: float | None,
) -> None:
    """Apply a plan that `xlmodel sync plan --out` wrote, or plan feeds now, show the plan, ask, and apply it.

    The workbook is saved whole or not at all: a copy of it is kept first, and the journal says who did what. A plan
    that no longer holds, because the workbook or a source has changed, is refused with what differs.

    Exit codes: 0 applied, or nothing to do; 1 not applied: conflicts, problems or checks, or the answer was no; 2
    unusable, or a plan that no longer holds.
    """
    settings, means = _project(time_limit)
    if any(name.endswith(_PLAN) for name in what):
        if len(what) > 1 or workbook is not None or choices:
            raise click.UsageError(f"{safe(what[0])} is a plan: it names its feeds and choices itself; give it alone")
        _apply(_read_plan(Path(what[0])), settings, means)
        return
    from xlmodel.sync.planning import make_plan

    wanted = _wanted(settings, what, workbook)
    if choices and len(wanted) > 1:
        raise click.UsageError("--choose is for one workbook: name feeds, or the workbook with --workbook")
    if not yes and not sys.stdin.isatty():
        raise Unusable("nobody is there to be asked: use --yes, or apply a plan that `xlmodel sync plan --out` wrote")
    left = False
    for path, names in wanted.items():
        _working(f"Reading the sources, and calculating {safe(path.name)} with what they change ...")
        with means.stoppable():
            made = make_plan(settings, path, means, feeds=names, choices=choices).plan
        _show(made, settings, [*what, *_option("--workbook", workbook)], everything)
        stopped = made.blocked or _refused(made, settings)
        if stopped or not (made.empty or yes or click.confirm("Do this?")):
            click.echo("Not applied: nothing was changed.")
            left = True
            continue
        _apply(made, settings, means)
    sys.exit(int(left))


@sync.command(short_help="Put a workbook back as it was before.")
@_BOOK
@click.option(
    "--number", type=click.IntRange(1), metavar="N", help="What `xlmodel sync log` numbers so; the last apply."
)
def undo(book: Path | None, number: int | None) -> None:
    """Put a workbook back as it was before the last apply, byte for byte.

    Refused when the workbook was changed since then: what was typed meanwhile would be lost.
    """
    from xlmodel.report.sync_log import undone_lines
    from xlmodel.sync.undoing import undo as put_back

    settings = _kept(load_settings())
    _print(undone_lines(put_back(settings, _workbook(settings, book), number=number)))


@sync.command(short_help="List who did what to workbooks, when.")
@_BOOK
@click.option("--json", "as_data", is_flag=True, help="Print the entries as JSON.")
def log(book: Path | None, as_data: bool) -> None:
    """List what was done to workbooks: who, when, from what, with fingerprints before and after; newest last.

    Exit codes: 0, 1 the journal was edited or lacks entries, 2 unusable.
    """
    from xlmodel.report.sync_log import log_json, log_lines
    from xlmodel.sync.journal import Journal

    settings = _kept(load_settings())
    journal = Journal(settings.folder)
    workbook = None if book is None else journal.name_of(_workbook(settings, book))
    entries = [e for e in journal.entries() if workbook in (None, e.workbook)]
    faults = journal.faults()
    if as_data:
        click.echo(log_json(entries))
    else:
        _print(log_lines(entries, _width()))
    for fault in faults:
        click.echo(f"The journal cannot be trusted: {safe(fault)}", err=True)
    sys.exit(int(bool(faults)))


@sync.command(short_help="Write calculated results to a file or a database.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@TIME_LIMIT
def export(names: Sequence[str], time_limit: float | None) -> None:
    """Write calculated results of workbooks to CSV, Parquet or a database, with the workbook's fingerprint.

    NAME is an export of xlmodel.toml; all by default. Results are recalculated first: one that cannot be confirmed is
    not written, unless the export allows it.
    """
    from xlmodel.report.sync_log import exported_lines
    from xlmodel.sync.journal import Journal
    from xlmodel.sync.results import export_all

    settings, means = _project(time_limit)
    unknown = [name for name in names if name not in settings.exports]
    if unknown or not settings.exports:
        raise Unusable(_unknown("export", unknown, settings.exports, settings))
    journal = Journal(settings.folder)
    wanted = [settings.exports[name] for name in names or settings.exports]
    with means.stoppable():
        for one, done in zip(wanted, export_all(wanted, settings.folder, means), strict=True):
            journal.exported(one.workbook, done.sha256, to=done.to, functions=done.functions)
            _print(exported_lines(done))


def _declared(settings: Settings) -> SyncSettings:
    if settings.source is None:
        raise ConfigurationError("there is no xlmodel.toml here or above: feeds are declared in it; see docs/sync.md")
    return settings.sync


def _kept(settings: Settings) -> SyncSettings:
    """Return the settings of a project; frames from Python leave a journal in a folder without any, too."""
    from xlmodel.sync.journal import Journal

    alone = settings.sync if settings.source is None else None
    return alone if alone is not None and Journal(alone.folder).entries() else _declared(settings)


def _project(time_limit: float | None) -> tuple[SyncSettings, StoppableMeans]:
    settings = load_settings()
    return _declared(settings), means_of(settings, time_limit, "native")


def _wanted(settings: SyncSettings, names: Sequence[str], book: Path | None) -> dict[Path, list[str]]:
    """Return the feeds that are asked for, by workbook."""
    unknown = [name for name in names if name not in settings.feeds]
    if unknown or not settings.feeds:
        raise Unusable(_unknown("feed", unknown, settings.feeds, settings))
    workbook = None if book is None else _workbook(settings, book)
    wanted: dict[Path, list[str]] = {}
    for name in names or [name for name, feed in settings.feeds.items() if feed.source is not None]:
        feed = settings.feeds[name]
        if workbook in (None, feed.workbook):
            wanted.setdefault(feed.workbook, []).append(name)
    if not wanted:
        raise Unusable("no feed is left: those that are named do not go into that workbook, or come from Python")
    return wanted


def _unknown(noun: str, unknown: Sequence[str], known: Mapping[str, object], settings: SyncSettings) -> str:
    if not known:
        table = "sync.feed" if noun == "feed" else "export"
        return (
            f"{safe(settings.folder)} declares no {noun}: xlmodel.toml needs a table [{table}.NAME]; see docs/sync.md"
        )
    return f"there is no {noun} {safe(unknown[0])!r}; declared: {', '.join(map(safe, known))}"


def _workbook(settings: SyncSettings, book: Path | None) -> Path:
    """Return the workbook that is meant, one that is declared or in the journal; the only one where none is named."""
    from xlmodel.sync.journal import Journal

    journal = Journal(settings.folder)
    declared = [*(f.workbook for f in settings.feeds.values()), *(e.workbook for e in settings.exports.values())]
    names = dict.fromkeys([*map(journal.name_of, declared), *(entry.workbook for entry in journal.entries())])
    if book is not None:
        same = [name for name in names if name == journal.name_of(book)]
        # a file that is there is never taken for its namesake in another folder
        names = dict.fromkeys(same or [n for n in names if PurePath(n).name == str(book) and not book.exists()])
    if len(names) == 1:
        return settings.folder / next(iter(names))
    if book is None or names:
        raise click.UsageError(f"name a workbook: {', '.join(map(safe, names)) or 'none is declared'}")
    raise Unusable(f"{safe(book)} is no workbook of {safe(settings.folder / 'xlmodel.toml')}")


def _read_plan(path: Path) -> Plan:
    from xlmodel.errors import SyncError
    from xlmodel.sync.plan_file import read_plan

    try:
        return read_plan(path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise SyncError(f"{path}: this is no plan: text in UTF-8 is needed") from error
    except SyncError as error:
        raise SyncError(f"{path}: {error}") from error


def _apply(made: Plan, settings: SyncSettings, means: StoppableMeans) -> None:
    from xlmodel.report.sync_log import applied_lines
    from xlmodel.sync.applying import apply_plan

    _working(f"Making the plan again, and verifying {safe(made.workbook)} as it will be saved ...")
    with means.stoppable():
        done = apply_plan(made, settings, means)
    _print(applied_lines(done))


def _working(text: str) -> None:
    """Say at a terminal what takes long."""
    if sys.stderr.isatty():
        click.echo(text, err=True)


def _refused(made: Plan, settings: SyncSettings) -> bool:
    from xlmodel.sync.applying import refusing_feeds

    return bool(refusing_feeds(made, settings))


def _show(
    made: Plan, settings: SyncSettings, asked: Sequence[str], everything: bool, following: str | None = None
) -> None:
    """Print a plan, and what to type next; `following` is what the apply takes, None where that is done anyway."""
    from xlmodel.report.sync_text import Following, plan_lines
    from xlmodel.report.sync_view import View

    plan_again = " ".join(["xlmodel sync plan", *map(_quoted, asked)])
    then = Following(plan_again)
    if following is not None:
        undo = f"xlmodel sync undo {_quoted(Path(made.workbook).name)}"
        then = Following(plan_again, f"xlmodel sync apply {following}".rstrip(), undo)
    view = View(_width(), sys.maxsize if everything else View.most, made.date1904)
    _print(plan_lines(made, view, then, refused=_refused(made, settings)))


def _option(name: str, path: Path | None) -> list[str]:
    return [] if path is None else [name, str(path)]


def _quoted(word: str) -> str:
    return f'"{safe(word)}"' if " " in word else safe(word)


def _width() -> int:
    return min(max(shutil.get_terminal_size((_WIDEST, 24)).columns, _NARROWEST), _WIDEST)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
