"""The example of docs/sync.md and of the README prints what they show, and what they declare can be read."""

import re
import tomllib

from click.testing import CliRunner
from sync_example import PAGE, ROOT, consoles, example_project, settled

from xlmodel.cli import main
from xlmodel.sync.declaring import parse_sync


def test_the_example_prints_what_the_pages_show(tmp_path, monkeypatch):
    example_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    shown = consoles((ROOT / "README.md").read_text("utf-8")) + consoles(PAGE)
    assert [command for command, _ in shown] == ["sync plan", "sync plan --out april.json", "sync apply april.json"]
    for command, printed in shown:
        done = CliRunner().invoke(main, command.split())
        assert settled(done.output) == settled(printed), command


def test_every_declaration_on_the_page_can_be_read(tmp_path):
    feed, sources, columns, project, export = re.findall(r"```toml\n(.*?)```", PAGE, re.S)
    ledger = feed.partition("[sync.feed.ledger.columns]")[0]
    texts = [feed, ledger + columns]
    texts += [re.sub(r"(?m)^source = .*$", lambda _, s=s: s, feed) for s in re.findall(r"(?m)^source = .*$", sources)]
    assert len(texts) == 6
    for text in texts:
        settings = parse_sync(tomllib.loads(text)["sync"], {}, tmp_path / "xlmodel.toml")
        assert settings.feeds["ledger"].source is not None
    settings = parse_sync(tomllib.loads(project)["sync"], tomllib.loads(export)["export"], tmp_path / "xlmodel.toml")
    assert settings.record_in_workbook
    assert settings.key_figures["budget.xlsx"]
    assert settings.exports["stock"].to == tmp_path / "out" / "lines.parquet"
