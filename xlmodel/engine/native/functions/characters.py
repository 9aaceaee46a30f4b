"""Characters and their codes; texts cleaned or encoded character by character."""

from __future__ import annotations

import re
from urllib.parse import quote

from xlmodel.engine.native.context import Context
from xlmodel.engine.native.declaration import Text, Value, Whole, excel
from xlmodel.engine.native.functions.text import held
from xlmodel.engine.native.operands import NA, VALUE, ExcelError, UnsupportedError

_WIDE = re.compile("[\u3000\u30a1-\u30ff\uff01-\uff5e]")
_NARROW = re.compile("[ -~\uff61-\uff9f]")
_ODD = re.compile(r"[!'()*~]")


@excel("CHAR")
def char(context: Context, number: Whole) -> str:
    """Return the character of a code of the machine's code page: Windows-1252, on a Mac Roman."""
    if not 1 <= number <= 255:
        raise ExcelError(VALUE)
    try:
        return bytes([number]).decode(_code_page(context))
    except UnicodeDecodeError:
        return chr(number)  # the five codes that Windows-1252 leaves open


@excel("CODE")
def code(context: Context, text: Text) -> int:
    """Return the code of the first character in the machine's code page."""
    if not text:
        raise ExcelError(VALUE)
    first = text[0]
    try:
        return first.encode(_code_page(context))[0]
    except UnicodeEncodeError:
        if "\x80" <= first <= "\x9f":
            return ord(first)
        if first >= "\u2e80":
            return ord("?")
        raise UnsupportedError("the code of a character that the code page has no place for") from None


@excel("UNICHAR")
def unichar(number: Whole) -> str:
    """Return the character of a Unicode number."""
    if 0xD800 <= number <= 0xDFFF or (number & 0xFFFE == 0xFFFE and 0 < number <= 0x10FFFF):
        raise ExcelError(NA)
    if not 1 <= number <= 0x10FFFF:
        raise ExcelError(VALUE)
    return chr(number)


@excel("UNICODE")
def unicode(text: Text) -> int:
    """Return the Unicode number of the first character."""
    if not text:
        raise ExcelError(VALUE)
    return ord(text[0])


@excel("CLEAN")
def clean(text: Text) -> str:
    """Return a text without the control characters 0 to 31."""
    return text if text.isprintable() else "".join(c for c in text if c >= " ")


@excel("ENCODEURL")
def encodeurl(text: Text) -> str:
    """Return a text as a part of a web address."""
    if _ODD.search(text):
        raise UnsupportedError("ENCODEURL of the characters ! ' ( ) * ~")
    return held(quote(text, safe="", errors="surrogatepass"))


@excel("ASC")
def asc(text: Text) -> str:
    """Return a text with narrow characters for wide ones; without wide ones it stays as it is."""
    if _WIDE.search(text):
        raise UnsupportedError("ASC of wide characters, which depends on the language")
    return text


@excel("DBCS", "JIS")
def dbcs(text: Text) -> str:
    """Return a text with wide characters for narrow ones; without narrow ones it stays as it is."""
    if _NARROW.search(text):
        raise UnsupportedError("DBCS of narrow characters, which depends on the language")
    return text


@excel("PHONETIC")
def phonetic(reference: Value) -> str:
    """Refuse: the phonetic guide is not read from the file."""
    raise UnsupportedError("PHONETIC")


@excel("DETECTLANGUAGE")
def detectlanguage(text: Value) -> str:
    """Refuse: it asks a service."""
    raise UnsupportedError("DETECTLANGUAGE asks a service")


@excel("TRANSLATE")
def translate(text: Value, source_language: Value = "", target_language: Value = "") -> str:
    """Refuse: it asks a service."""
    raise UnsupportedError("TRANSLATE asks a service")


def _code_page(context: Context) -> str:
    return str(getattr(context.locale, "code_page", "cp1252"))
