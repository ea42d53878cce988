#!/usr/bin/env python3
"""Check an exported ledger against the anchors that were sent outside.

    python3 verify_ledger.py export.jsonl.gz anchor-1.json.gz anchor-2.json.gz ...

It needs nothing but Python 3.10 or newer, and none of the system that it checks. The exit code is 0 when all
that can be checked is in order, 1 when something is not, 2 when a file cannot be read.

What it checks
  1. Each entry: its hash is the hash of the hash before and of its signed text; the columns say what the
     text says. Otherwise the entry was edited.
  2. Each chain: positions 1, 2, 3 ... without a gap, each tied to the one before. Otherwise entries were
     removed or reordered.
  3. Each anchor: what it saw is still there and has the same hash. Otherwise the end of a chain was cut off,
     a chain vanished, or its end was written anew.
  4. The anchors themselves, and the database: an anchor that the database no longer knows means that an
     older backup was put in its place.

The first trouble of a chain hides what follows in it; the next chain is checked again.

What it cannot know: entries that are younger than the last anchor may have been cut off without a trace. So
keep every anchor that you are sent, somewhere that the administrator of the database cannot reach.
"""

import gzip
import hashlib
import json
import sys

GENESIS = "0" * 64
COLUMNS = (("at", "at"), ("user", "user"), ("su", "su"), ("company", "company"), ("event", "event"), ("state", "state"))


class Unreadable(Exception):
    """A file is not what it should be."""


# -- reading ------------------------------------------------------------------------


def lines_of(path):
    """The lines of a file, packed or not."""
    try:
        with open(path, "rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with (gzip.open if packed else open)(path, "rb") as file:
            yield from file
    except (OSError, EOFError) as trouble:
        raise Unreadable(f"{path}: {trouble}") from trouble


def parse(line, path, number):
    try:
        row = json.loads(line)
    except ValueError as trouble:
        raise Unreadable(f"{path}, line {number}: {trouble}") from trouble
    if not isinstance(row, dict):
        raise Unreadable(f"{path}, line {number}: not an entry")
    return row


def read_anchor(path):
    anchor = parse(b"".join(lines_of(path)), path, 1)
    if anchor.get("format") != "sqms-ledger-anchor":
        raise Unreadable(f"{path}: not an anchor")
    return anchor


def chains_of(rows):
    """Group entries that stand one after the other by their record."""
    key, chain = None, []
    for row in rows:
        own = (row["model"], row["id"])
        if own != key and chain:
            yield key, chain
            chain = []
        key = own
        chain.append(row)
    if chain:
        yield key, chain


# -- one chain ------------------------------------------------------------------------


def check_entry(key, row):
    """What is wrong with one entry taken by itself: (kind, sentence), or nothing."""
    text = row["text"]
    if hashlib.sha256(f"{row['prev']}\n{text}".encode()).hexdigest() != row["hash"]:
        return "EDITED", "the hash does not follow from the text"
    try:
        said = json.loads(text)
        signed = (said["model"], said["id"], said["seq"])
        names = ",".join(sorted({*said.get("old", ()), *said.get("new", ())})) or None
    except (ValueError, KeyError, TypeError, AttributeError):
        return "EDITED", "the signed text is not that of an entry"
    if signed[:2] != key:
        return "REORDERED", f"the text belongs to {signed[0]},{signed[1]} position {signed[2]}"
    if signed[2] != row["seq"]:
        return "REORDERED", f"the text belongs to position {signed[2]}"
    for column, name in COLUMNS:
        if row[column] != said.get(name):
            return "EDITED", f"the column “{column}” says {row[column]!r}, the signed text {said.get(name)!r}"
    if row["names"] != names:
        return "EDITED", f"the column “names” says {row['names']!r}, the signed text {names!r}"
    return None


def check_chain(key, chain):
    """The first trouble of a chain: (kind, position, sentence), or nothing."""
    troubles = [check_entry(key, row) for row in chain]
    signed = None
    expected, previous = 1, GENESIS
    for row, trouble in zip(chain, troubles, strict=True):
        if trouble:
            return (trouble[0], row["seq"], trouble[1])
        if row["seq"] != expected:
            signed = signed or {_signed_position(other) for other in chain}
            missing = range(expected, row["seq"])
            if row["seq"] < expected or any(position in signed for position in missing):
                return ("REORDERED", expected, f"position {row['seq']} stands where {expected} belongs")
            words = f"position {expected} is missing"
            if len(missing) > 1:
                words = f"positions {expected} to {row['seq'] - 1} are missing"
            return ("REMOVED", expected, words)
        if row["prev"] != previous:
            if expected == 1:
                return ("REMOVED", 1, "it does not begin where a chain begins")
            return ("EDITED", expected - 1, f"position {expected} was tied to another entry than the one before it")
        expected, previous = expected + 1, row["hash"]
    return None


def _signed_position(row):
    try:
        return json.loads(row["text"])["seq"]
    except (ValueError, KeyError, TypeError):
        return None


# -- anchors ----------------------------------------------------------------------------


def anchor_digest(anchor):
    """The digest of an anchor, over everything else in it."""
    rest = {key: value for key, value in anchor.items() if key != "digest"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def heads_digest(heads):
    """One digest over the ends of all chains: `{(model, id): (position, hash)}`.

    The lines of each model, by number, make one digest; the lines of the models, by name, make the whole.
    """
    by_model = {}
    for (model, id_), (seq, hash_) in sorted(heads.items()):
        by_model.setdefault(model, []).append(f"{id_} {seq} {hash_}\n")
    parts = [f"{model} {hashlib.sha256(''.join(rows).encode()).hexdigest()}\n" for model, rows in by_model.items()]
    return hashlib.sha256("".join(sorted(parts)).encode()).hexdigest()


def check_anchors(anchors, header):
    """Troubles of the anchors themselves and of the database that they speak of: list of sentences."""
    troubles, heads, complete = [], {}, True
    known = dict(header.get("anchors") or ())
    before = None
    for anchor in anchors:
        number = anchor.get("number")
        name = f"anchor {number} of {anchor.get('at')}"
        if anchor_digest(anchor) != anchor.get("digest"):
            troubles.append(f"EDITED: {name} is not what it was when it was made")
        if anchor.get("database") != header.get("database"):
            troubles.append(f"OTHER DATABASE: {name} was made by {anchor.get('database')}")
        elif number not in known:
            last = max(known, default=0)
            troubles.append(
                f"OLDER BACKUP: the database knows nothing of {name}; its own last anchor is {last or 'none'}"
                if number > last
                else f"ANCHOR REMOVED: the database knows nothing of {name}"
            )
        elif known[number] != anchor.get("digest"):
            troubles.append(f"OTHER HISTORY: the database has another {name}: an older backup lived on from there")
        if before and before["number"] == number:
            if before["digest"] != anchor["digest"]:
                troubles.append(f"OTHER HISTORY: two different files are called {name}")
        elif before and before["number"] + 1 == number and before["digest"] != anchor.get("previous"):
            troubles.append(f"OTHER HISTORY: {name} does not follow from the one before it")
        complete = complete and (number == 1 if before is None else number in (before["number"], before["number"] + 1))
        heads.update({(model, id_): (seq, hash_) for model, id_, seq, hash_ in anchor["moved"]})
        if complete and heads_digest(heads) != anchor.get("heads_digest"):
            troubles.append(f"EDITED: {name} and those before it do not tell the same story")
        before = anchor
    return troubles


def heads_of(anchors):
    """What the anchors saw: `{(model, id): [(position, hash, number of the anchor)]}`."""
    seen = {}
    for anchor in anchors:
        for model, id_, seq, hash_ in anchor["moved"]:
            seen.setdefault((model, id_), []).append((seq, hash_, anchor["number"]))
    return seen


def check_against_anchors(chain, seen):
    """What an anchor saw of a chain and is no longer so: (kind, position, sentence), or nothing."""
    good = 0
    for seq, hash_, number in sorted(seen):
        if seq > len(chain):
            return ("CUT OFF", len(chain) + 1, f"anchor {number} saw {seq} entries, there are {len(chain)}")
        if chain[seq - 1]["hash"] != hash_:
            words = f"between position {good + 1} and {seq} it was written anew after anchor {number}"
            return ("REWRITTEN", good + 1, words)
        good = seq
    return None


# -- the whole -------------------------------------------------------------------------


class Report:
    def __init__(self, say):
        self.say = say
        self.troubles = 0
        self.entries = self.chains = self.younger = 0

    def trouble(self, words):
        self.troubles += 1
        self.say(words)


def say_it(words):
    sys.stdout.write(f"{words}\n")


def verify(export, anchor_files, say=say_it):
    """Check everything and say what is wrong, one line each. Returns the report."""
    report = Report(say)
    anchors = sorted(map(read_anchor, anchor_files), key=lambda anchor: (anchor["number"], anchor["digest"]))
    lines = lines_of(export)
    header = parse(next(lines, b"{}"), export, 1)
    if header.get("format") != "sqms-ledger-export":
        raise Unreadable(f"{export}: not an exported ledger")
    for words in check_anchors(anchors, header):
        report.trouble(words)
    seen = heads_of(anchor for anchor in anchors if anchor.get("database") == header.get("database"))
    rows = (parse(line, export, number) for number, line in enumerate(lines, 2))
    last = ("", 0)
    for key, chain in chains_of(rows):
        report.chains += 1
        report.entries += len(chain)
        trouble = ("REORDERED", chain[0]["seq"], "its entries do not stand together") if key <= last else None
        last = max(last, key)
        anchored = seen.pop(key, ())
        trouble = trouble or check_chain(key, chain) or check_against_anchors(chain, anchored)
        if trouble:
            report.trouble("{}: {},{} position {}: {}".format(trouble[0], *key, trouble[1], trouble[2]))
        report.younger += len(chain) - max((seq for seq, *_ in anchored), default=0)
    if report.entries != header.get("entries"):
        report.trouble(f"CUT OFF: the file announces {header.get('entries')} entries and has {report.entries}")
    _say_unseen(report, header, seen)
    _say_limits(report, header, anchors)
    return report


def _say_unseen(report, header, seen):
    """Chains that an anchor saw and that the file does not have."""
    if not header.get("complete"):
        record = header.get("record")
        what = f"the record {record[0]},{record[1]}" if record else "what the person who exported it may read"
        report.say(f"Note: this export is of {what} only; whether other chains vanished cannot be seen from it.")
        if record and tuple(record) in seen:
            report.trouble(f"VANISHED: {record[0]},{record[1]} position 1: no entry is left")
        return
    for (model, id_), heads in sorted(seen.items()):
        seq, _hash, number = max(heads)
        report.trouble(f"VANISHED: {model},{id_} position 1: anchor {number} saw {seq} entries, none is left")


def _say_limits(report, header, anchors):
    report.say(f"{report.entries} entries in {report.chains} chains of the database {header.get('database')} checked.")
    if not anchors:
        report.say("Note: without an anchor, entries that were cut off or written anew cannot be seen.")
    elif report.younger > 0:
        report.say(
            f"Note: {report.younger} entries are younger than the anchors given (the last is number"
            f" {anchors[-1]['number']} of {anchors[-1]['at']}); of what came after it, something may have been"
            " cut off without a trace."
        )
    report.say(
        f"{report.troubles} troubles found." if report.troubles else "Everything that can be checked is in order."
    )


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        say_it(__doc__)
        return 2
    try:
        return 1 if verify(arguments[0], arguments[1:]).troubles else 0
    except Unreadable as trouble:
        sys.stderr.write(f"Cannot be read: {trouble}\n")
        return 2
    except (KeyError, TypeError, ValueError) as trouble:
        sys.stderr.write(f"Cannot be read: a file lacks what it should have ({trouble!r})\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
