"""The names by which a workbook carries functions: what they are called, what stands in them, and for whom."""

import re
from dataclasses import replace

import pytest
from lambdas.calls import CSC

from xlmodel.errors import RegistryError
from xlmodel.lambdas import MOST_CHARACTERS, PRELUDE, definitions, hidden, stored
from xlmodel.lambdas.stored import body_of
from xlmodel.lambdas.tokens import arguments, tokens
from xlmodel.registry import Number, Registry

#: Functions that have no native form, and why.
WITHOUT: dict[str, str] = {}

NAMES = definitions(CSC)
PREFIXED = {"_xlfn", "_xlpm", "_xlop", "_xlws"}


def test_every_function_has_a_native_form_or_a_reason():
    assert {f.name for f in CSC if not f.native} == set(WITHOUT)


def test_the_parameters_are_those_of_the_function():
    for function in CSC:
        if function.native:
            wanted = [f"[{a.name}]" if a.optional else a.name for a in function.arguments]
            assert body_of(function.native)[0] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_name_holds_what_excel_writes(name):
    formula = NAMES[name]
    assert formula.startswith("_xlfn.LAMBDA(")
    assert len(formula) <= MOST_CHARACTERS
    bare = re.sub(r'"(?:[^"]|"")*"', '""', formula)
    assert not set(" \n[]") & set(bare)
    for word in re.findall(r"[A-Za-z_][A-Za-z0-9_.]*", bare):
        assert word.split(".")[0] in PREFIXED or word.isupper(), word


def test_hidden_names_stand_before_those_that_need_them():
    seen: set[str] = set()
    for name, text in PRELUDE.items():
        assert {t for t in tokens(text) if t.startswith("UDF_.")} <= seen
        assert hidden(name)
        seen.add(name)
    assert not any(hidden(f.name) for f in CSC)


def test_only_what_is_needed_is_defined():
    names = definitions(CSC, ["CSC_EXIT_RATE"])
    assert list(names) == ["UDF_.REFUSED", "UDF_.AT", "UDF_.FITS", "CSC_EXIT_RATE"]
    assert names["CSC_EXIT_RATE"] == NAMES["CSC_EXIT_RATE"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("LAMBDA(x, x + 1)", "_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1)"),
        (
            "LAMBDA(a, [b], IF(ISOMITTED(b), a / 2, a * b))",
            "_xlfn.LAMBDA(_xlpm.a,_xlop.b,IF(_xlfn.ISOMITTED(_xlpm.b),_xlpm.a/2,_xlpm.a*_xlpm.b))",
        ),
        (
            "LET(area, LAMBDA(x, y, x * y), area(3, 4))",
            "_xlfn.LET(_xlpm.area,_xlfn.LAMBDA(_xlpm.x,_xlpm.y,_xlpm.x*_xlpm.y),_xlpm.area(3,4))",
        ),
        ('LAMBDA(x, FILTER(x, x <> "a b"))', '_xlfn.LAMBDA(_xlpm.x,_xlfn._xlws.FILTER(_xlpm.x,_xlpm.x<>"a b"))'),
        ('LAMBDA(x, XMATCH(x, {"a", "b"}))', '_xlfn.LAMBDA(_xlpm.x,_xlfn.XMATCH(_xlpm.x,{"a","b"}))'),
    ],
)
def test_a_formula_is_stored_as_excel_stores_it(text, wanted):
    assert stored(text) == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LAMBDA(n1, n1 + 1)", "cannot be called n1"),
        ("LAMBDA(r, r + 1)", "cannot be called r"),
        ("LAMBDA(x, FROBNICATE(x))", "a function that is not known: FROBNICATE"),
        ("LAMBDA(x, y + 1)", "a name that is not known: y"),
        ("LAMBDA(x, Sheet1!x)", "cannot hold '!'"),
        ("LAMBDA(x, SUM(x)", "a bracket is not closed"),
    ],
)
def test_what_excel_would_not_take_is_refused(text, said):
    with pytest.raises(RegistryError, match=re.escape(said)):
        stored(text)


def test_a_form_with_other_parameters_is_refused():
    other = replace(CSC.functions["CSC_EXIT_RATE"], native="LAMBDA(stock, ceases, ceases / stock)")
    with pytest.raises(
        RegistryError, match="CSC_EXIT_RATE must have the parameters ceases, stock; it has stock, ceases"
    ):
        definitions(Registry([other]))


def test_a_form_too_long_for_a_name_is_refused():
    long = replace(CSC.functions["CSC_EXIT_RATE"], native=f"LAMBDA(ceases, stock, ceases{' + stock' * 1000})")
    with pytest.raises(RegistryError, match=r"CSC_EXIT_RATE: its native form has [\d,]+ characters; Excel takes 8,192"):
        definitions(Registry([long]))


def test_the_hash_changes_with_what_a_call_gives_and_with_nothing_else():
    function = CSC.functions["CSC_EXIT_RATE"]
    assert re.fullmatch(r"[0-9a-f]{12}", function.signature_hash)
    assert len({f.signature_hash for f in CSC}) == len(CSC)
    same = [{"doc": ""}, {"summary": ""}, {"native": function.native.replace(", ", ",\n  ")}]
    assert {replace(function, **change).signature_hash for change in same} == {function.signature_hash}
    others = [{"version": "2"}, {"native": ""}, {"arguments": function.arguments[::-1]}, {"result": Number("days")}]
    assert len({replace(function, **change).signature_hash for change in others} | {function.signature_hash}) == 5


@pytest.mark.parametrize("name", NAMES)
def test_each_variable_is_in_scope_and_none_hides_another(name):
    _walk(tokens(_readable(NAMES[name])), frozenset())


def _readable(formula):
    """Return a stored formula without its prefixes but for those of variables."""
    return re.sub(r"_xlfn\.|_xlws\.", "", formula).replace("_xlop.", "_xlpm.")


def _walk(parts, scope):
    """Go through a formula as Excel does, LET and LAMBDA giving names to what follows."""
    at = 0
    while at < len(parts):
        part = parts[at]
        if part in ("LET", "LAMBDA"):
            spans = arguments(parts, at + 1)
            inner = scope
            for number, (start, end) in enumerate(spans[:-1]):
                if part == "LET" and number % 2:
                    _walk(parts[start:end], inner - {parts[spans[number - 1][0]]})
                    continue
                (variable,) = parts[start:end]
                assert variable not in inner, f"{variable} is given twice"
                inner |= {variable}
            _walk(parts[slice(*spans[-1])], inner)
            at = spans[-1][1]
        elif part.startswith("_xlpm."):
            assert part in scope, f"{part} has no meaning here"
        at += 1


def test_a_variable_out_of_scope_would_be_found():
    with pytest.raises(AssertionError, match="has no meaning here"):
        _walk(tokens("LAMBDA(_xlpm.x,LET(_xlpm.a,1,_xlpm.a)+_xlpm.a)"), frozenset())
    with pytest.raises(AssertionError, match="given twice"):
        _walk(tokens("LAMBDA(_xlpm.x,LET(_xlpm.x,1,_xlpm.x))"), frozenset())
