"""The defined names by which a workbook carries functions."""

from __future__ import annotations

from collections.abc import Iterable

from xlmodel.errors import RegistryError
from xlmodel.lambdas.prelude import PREFIX, PRELUDE
from xlmodel.lambdas.stored import stored
from xlmodel.lambdas.tokens import tokens
from xlmodel.lambdas.whole import whole
from xlmodel.registry import Registry

__all__ = ["MOST_CHARACTERS", "definitions", "hidden"]

MOST_CHARACTERS = 8_192  #: of the formula of one name, as Excel limits them


def hidden(name: str) -> bool:
    """Tell whether a name is one that only other names use, and that a workbook does not show.

    >>> hidden("UDF_.NUMBER"), hidden("CSC_NET_CHANGE")
    (True, False)
    """
    return name.startswith(PREFIX)


def definitions(registry: Registry, names: Iterable[str] | None = None) -> dict[str, str]:
    """Return the names a workbook must define to calculate functions natively.

    Parameters
    ----------
    registry : Registry
        The functions.
    names : iterable of str, optional
        The functions that the workbook calls; those without a native form are passed over. All if left out.

    Returns
    -------
    dict of str to str
        Defined name to formula, as Excel stores it and without the equals sign: the hidden names first, each before
        those that need it, then the functions by name. The same for the same functions, always.

    Raises
    ------
    RegistryError
        A name that is no function, a form that Excel would not take, or one too long for a defined name.

    Examples
    --------
    >>> list(definitions(Registry.collect({"CSC": "udfs"}), ["CSC_NET_CHANGE"]))[-3:]
    ['UDF_.CLEAN', 'UDF_.PLUS', 'CSC_NET_CHANGE']
    """
    wanted = sorted(registry.functions if names is None else set(names))
    forms = {}
    for name in wanted:
        function = registry.resolve(name)
        if function is None:
            raise RegistryError(f"unknown function: {name}")
        if function.native:
            forms[function.name] = whole(function)
    needed = {t for text in forms.values() for t in tokens(text) if t in PRELUDE}
    for name, text in reversed(PRELUDE.items()):
        if name in needed:
            needed |= {t for t in tokens(text) if t in PRELUDE}
    texts = {name: text for name, text in PRELUDE.items() if name in needed} | forms
    return {name: _checked(name, text) for name, text in texts.items()}


def _checked(name: str, text: str) -> str:
    try:
        formula = stored(text, PRELUDE)
    except RegistryError as error:
        raise RegistryError(f"{name}: {error}") from None
    if len(formula) > MOST_CHARACTERS:
        raise RegistryError(f"{name}: its native form has {len(formula):,} characters; Excel takes {MOST_CHARACTERS:,}")
    return formula
