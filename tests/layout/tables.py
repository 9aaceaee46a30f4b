"""Tables as text: columns parted by bars, numbers as they are written."""

from books import book

from xlmodel.refs import cell_name


def cells(text, top=1):
    found = {}
    for row, line in enumerate(text.strip().splitlines(), top):
        for col, content in enumerate(line.split("|"), 1):
            content = content.strip()
            if content:
                found[cell_name(row, col)] = _content(content)
    return found


def table(text, **more):
    return book({"S": cells(text)}, **more)


def _content(text):
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return text
