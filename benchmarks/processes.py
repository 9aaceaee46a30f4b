"""Measurements, each in a process of its own: a benchmark calls itself with ``--one``."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

__all__ = ["MissingError", "measured"]


class MissingError(Exception):
    """An engine is not there; the text says why."""


def measured(module: str, *what: str, limit: float = 600) -> dict[str, Any] | str:
    """Return what ``python -m module --one WHAT...`` printed last as JSON, or why there is nothing."""
    command = [sys.executable, "-m", module, "--one", *what]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"not finished in {limit:.0f} s"
    if done.returncode:
        return f"failed: {(done.stderr.strip().splitlines() or [f'code {done.returncode}'])[-1][:120]}"
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return str(found["missing"]) if "missing" in found else found
