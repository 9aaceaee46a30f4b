"""What a test without a formula found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xlmodel.reconcile.claims import Claim
from xlmodel.reconcile.verdicts import Verdict

__all__ = ["Finding", "finding"]


@dataclass(frozen=True)
class Finding:
    """What the roles of printed figures show.

    Attributes
    ----------
    test : str
        Its name: ``total``, ``stock continuity``, ``one population`` and so on.
    verdict : Verdict
        DOES NOT TIE where nothing but arithmetic is behind it; READING or UNEXPLAINED where something else may be;
        IMPLIED where it only says what the figures mean.
    item : str
        The set, and the period where there is one.
    sentence : str
        What was found.
    figures : tuple of str
        The ids of all printed figures it is about.
    stated : str
        The id of the one that would be wrong; "" where the test cannot tell which.
    source : str
        Where the figures stand.
    beyond : str
        What it says that a row with the same arithmetic does not; "" where that is nothing.
    """

    test: str
    verdict: Verdict
    item: str
    sentence: str
    figures: tuple[str, ...]
    stated: str = ""
    source: str = ""
    beyond: str = ""


def finding(
    test: str,
    verdict: Verdict,
    item: str,
    sentence: str,
    about: Iterable[Claim],
    stated: Claim | None = None,
    beyond: str = "",
) -> Finding:
    """Return a finding about figures, which stand where they stand."""
    claims = tuple(dict.fromkeys(about))
    source = ", ".join(dict.fromkeys(claim.source for claim in claims))
    ids = tuple(claim.id for claim in claims)
    return Finding(test, verdict, item, sentence, ids, stated.id if stated else "", source, beyond)
