"""The rows of an explanation, folded for people. The sums stay: nothing that counts is left out."""

from datetime import date


def fold(rows):
    """Rows of `explain` as lines to read: one for following dates of the same kind and label.

    Closed time on a date on which something else happened is left out (lunch, the night).

    :return: `[{kind, label, first, last (dates), counted}]`

    >>> row = {"kind": "counted", "label": "Counted", "counted": 1, "date": "2026-10-26"}
    >>> [line["counted"] for line in fold([row, {**row, "date": "2026-10-27"}])]
    [2]
    """
    lines = []
    for line in _by_date(rows):
        last = lines[-1] if lines else None
        if last and (last["kind"], last["label"]) == (line["kind"], line["label"]):
            last.update(last=line["last"], counted=last["counted"] + line["counted"])
        else:
            lines.append(line)
    return lines


def _dates(rows):
    found = {}
    for row in rows:
        found.setdefault(row["date"], []).append(row)
    return found


def _by_date(rows):
    for day, own in _dates(rows).items():
        if any(row["kind"] != "closed" for row in own):
            own = [row for row in own if row["kind"] != "closed"]
        found = {}
        for row in own:
            key = row["kind"], row["label"]
            found[key] = found.get(key, 0) + row["counted"]
        on = date.fromisoformat(day)
        for (kind, label), counted in found.items():
            yield {"kind": kind, "label": label, "first": on, "last": on, "counted": counted}
