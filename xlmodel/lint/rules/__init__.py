"""The rules, one module each: its docstring says what, why and the fix, BAD and GOOD are its examples and its tests."""
