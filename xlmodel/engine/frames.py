"""The messages between a worker and its parent: one line of JSON, then the arrays it announces, raw and little-endian.

Nothing is pickled. Text travels as a JSON list of distinct texts and an array of places in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from xlmodel.values import Kind, Values

__all__ = ["FrameError", "pack_values", "read_frame", "unpack_values", "write_frame"]

#: Longer header lines and larger arrays are not read.
MAX_HEADER = 1_000_000_000
MAX_ARRAY = 8_000_000_000
_DTYPES = {"u1": np.uint8, "<i4": np.int32, "<i8": np.int64, "<f8": np.float64}

Arrays = Mapping[str, NDArray[Any]]


class FrameError(Exception):
    """A message is not of the form agreed."""


def write_frame(out: IO[bytes], header: Mapping[str, Any], arrays: Arrays | None = None) -> None:
    """Write one message."""
    blobs, listed = [], []
    for name, array in (arrays or {}).items():
        code = next(c for c, d in _DTYPES.items() if array.dtype == d)
        blob = np.ascontiguousarray(array, dtype=code).tobytes()
        listed.append([name, code, list(array.shape), len(blob)])
        blobs.append(blob)
    line = json.dumps({**header, "arrays": listed}, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    out.write(line.encode("ascii") + b"\n")
    for blob in blobs:
        out.write(blob)
    out.flush()


def read_frame(source: IO[bytes]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]] | None:
    """Read one message; None at the end of the stream.

    Raises
    ------
    FrameError
        The line is no JSON object, or an array is announced wrongly or cut short.
    """
    line = source.readline(MAX_HEADER)
    if not line:
        return None
    try:
        header = json.loads(line)
        listed = header.pop("arrays", [])
        arrays = {str(name): _read_array(source, code, shape, size) for name, code, shape, size in listed}
    except (ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise FrameError(f"not a message: {line[:80]!r}") from problem
    return header, arrays


def _read_array(source: IO[bytes], code: str, shape: list[int], size: int) -> NDArray[Any]:
    dtype = np.dtype(code) if code in _DTYPES else None
    if dtype is None or not 0 <= size <= MAX_ARRAY or size != dtype.itemsize * int(np.prod(shape, dtype=object)):
        raise FrameError("an array is announced wrongly")
    blob = bytearray()
    while len(blob) < size:
        part = source.read(size - len(blob))
        if not part:
            raise FrameError("an array is cut short")
        blob += part
    return np.frombuffer(bytes(blob), dtype).reshape(shape)


def pack_values(name: str, values: Values, header: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Add cells to a message under a name."""
    text = values.text.ravel()
    codes = np.zeros(text.size, np.int32)
    known = {"": 0}
    worded = np.flatnonzero((values.kind.ravel() == Kind.TEXT) | (values.kind.ravel() == Kind.ERROR))  # few, as a rule
    codes[worded] = [known.setdefault(str(t), len(known)) for t in text[worded].tolist()]
    header.setdefault("texts", {})[name] = list(known)
    arrays[f"{name}.kind"] = values.kind
    arrays[f"{name}.num"] = values.num
    arrays[f"{name}.text"] = codes.reshape(values.shape)


def unpack_values(name: str, header: Mapping[str, Any], arrays: Arrays) -> Values:
    """Return the cells that `pack_values` put under a name; they may be written to."""
    codes = arrays[f"{name}.text"]
    texts = np.array(header["texts"][name], object)
    return Values(arrays[f"{name}.kind"].copy(), arrays[f"{name}.num"].copy(), texts[codes].reshape(codes.shape))
