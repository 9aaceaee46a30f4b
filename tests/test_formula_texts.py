"""The reading of formulas that the tests of workbooks rely on."""

import pytest
from formula_texts import typed_numbers


@pytest.mark.parametrize(
    ("formula", "numbers"),
    [
        ("=A1*10000", ["10000"]),
        ("=INDEX(CSC_STOCK_PATH(C6,D6:D10,E6:E10),5)", []),
        ("=INDEX(CSC_X(A1,2),1)", ["2"]),
        ("=INDEX(A1:A9,5)*12", ["12"]),
        ("=IF(A1>0,B1,1-B2)", []),
        ('=LEFT("2024/25",4)', []),
        ("=IF(A1>1,B1,0.5)", ["0.5"]),
        ("=INDEX(CSC_X(A1,2),3)", ["2"]),
        ("=CSC_X(2,INDEX(A1:B9,2,2))", ["2"]),
        ("=IF(A1>0,1-B1,B2)", []),
    ],
)
def test_typed_numbers_are_found(formula: str, numbers: list[str]) -> None:
    assert typed_numbers(formula) == numbers
