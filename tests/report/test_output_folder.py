"""A folder of results is all new or all old, and never swallows somebody else's file."""

import json

import pytest

from xlmodel.report.output_folder import MANIFEST, outputs


def write(folder, **files):
    with outputs(folder, {"schema": 1}) as (aside, said):
        for name, text in files.items():
            (aside / f"{name}.csv").write_text(text)
            said[f"{name}.csv"] = {"title": name}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_files_and_their_manifest(tmp_path):
    write(tmp_path, years="1", months="2")
    assert names(tmp_path) == [MANIFEST, "months.csv", "years.csv"]
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert manifest["schema"] == 1
    assert manifest["files"]["years.csv"]["title"] == "years"
    assert len(manifest["files"]["years.csv"]["sha256"]) == 64


def test_what_fails_on_the_way_leaves_the_folder_as_it_was(tmp_path):
    write(tmp_path, years="old")

    def fail():
        with outputs(tmp_path, {}) as (aside, _):
            (aside / "years.csv").write_text("half")
            raise ValueError("on the way")

    with pytest.raises(ValueError, match="on the way"):
        fail()
    assert names(tmp_path) == [MANIFEST, "years.csv"]
    assert (tmp_path / "years.csv").read_text() == "old"


def test_somebody_elses_file_is_refused_and_nothing_else_is_touched(tmp_path):
    write(tmp_path, years="old")
    (tmp_path / "months.csv").write_text("mine")
    with pytest.raises(FileExistsError, match="was not made by an earlier run") as refused:
        write(tmp_path, years="new", months="ours")
    assert refused.value.filename == str(tmp_path / "months.csv")
    assert (tmp_path / "months.csv").read_text() == "mine"
    assert (tmp_path / "years.csv").read_text() == "old"


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": 3}', '{"files": {"years.csv": {}}}', "not json"])
def test_a_manifest_that_is_not_ours_claims_nothing(tmp_path, manifest):
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(FileExistsError, match=r"was not made"):
        write(tmp_path, years="new")
    assert (tmp_path / MANIFEST).read_text() == manifest


def test_what_an_earlier_run_made_goes_unless_it_was_changed(tmp_path):
    write(tmp_path, years="1", months="2", fan="3")
    (tmp_path / "fan.csv").write_text("changed by hand")
    write(tmp_path, years="1")
    assert names(tmp_path) == ["fan.csv", MANIFEST, "years.csv"]


def test_a_manifest_cannot_remove_a_file_elsewhere(tmp_path):
    folder = tmp_path / "results"
    write(folder, years="1")
    outside = tmp_path / "outside.csv"
    outside.write_text("1")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"]["../outside.csv"] = manifest["files"]["years.csv"]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    write(folder, months="2")
    assert outside.exists()
