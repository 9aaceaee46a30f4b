"""Where settings come from, and what a wrong one is told."""

import pytest

from xlmodel.config import load_settings
from xlmodel.errors import ConfigurationError


def test_without_a_file_the_installed_functions_are_offered(tmp_path):
    settings = load_settings(tmp_path)
    assert settings.source is None
    assert settings.functions == {"CSC": "udfs"}
    assert settings.tolerance == 1e-9


def test_the_nearest_file_upwards_holds(tmp_path):
    (tmp_path / "xlmodel.toml").write_text("tolerance = 0.5\n")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    assert load_settings(inner).tolerance == 0.5
    (inner.parent / "pyproject.toml").write_text("[tool.xlmodel]\ntime_limit = 7\n")
    settings = load_settings(inner)
    assert (settings.tolerance, settings.time_limit) == (1e-9, 7.0)  # never merged
    assert settings.source == inner.parent / "pyproject.toml"


def test_xlmodel_toml_wins_and_a_pyproject_without_the_table_is_passed_over(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert load_settings(tmp_path).source is None
    (tmp_path / "functions").mkdir()
    (tmp_path / "xlmodel.toml").write_text('path = ["functions"]\n[functions]\nT = "mine"\n')
    settings = load_settings(tmp_path)
    assert settings.functions == {"T": "mine"}
    assert settings.path == (tmp_path / "functions",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tolerence = 1", "unknown setting 'tolerence'"),
        ("tolerance = -1", "tolerance must be a number >= 0 and < 1e9; it is -1"),
        ("tolerance = true", "tolerance must be a number"),
        ("functions = 'udfs'", "functions must map prefixes to modules"),
        ("path = 'x'", "path must be a list of folders"),
        ("tolerance = ", "xlmodel.toml"),
        ("tolerance = nan", "tolerance must be a number"),
        ("time_limit = inf", "time_limit must be a number >= 0 and < 1e9"),
        ("time_limit = 0", "time_limit must be > 0"),
        ("path = ['none']", "path names 'none', which is no folder"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, text, complaint):
    (tmp_path / "xlmodel.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=complaint):
        load_settings(tmp_path)


def test_a_file_that_is_not_utf8_is_said(tmp_path):
    (tmp_path / "xlmodel.toml").write_bytes(b"# \xa3\n")
    with pytest.raises(ConfigurationError, match="not text in UTF-8"):
        load_settings(tmp_path)


def test_a_pyproject_with_an_odd_tool_table_is_passed_over(tmp_path):
    (tmp_path / "pyproject.toml").write_text("tool = 1\n")
    assert load_settings(tmp_path).source is None
