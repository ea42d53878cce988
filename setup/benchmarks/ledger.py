"""What the ledger costs a tracked write, and how long an export of a million entries takes to verify.

The same records, the same person, the same fields with mail tracking and followers; once with the names of
the logged fields taken away and once with them, by turns in the same run. Per record.
"""

import contextlib
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from _measure import timed, user_env

from odoo.addons.sqms_base.lib import hash_chain, verify_ledger

RECORDS, ONE_BY_ONE, TURNS = 1000, 100, 7
CHAINS, LENGTH = 100_000, 10


def run(env):
    me = user_env(env)
    people = me["res.partner"].create([{"name": f"Reader {number}"} for number in range(5)])
    documents = me["sqms.document"].create(
        [{"name": f"Procedure {number}", "document_type": "procedure"} for number in range(RECORDS)]
    )
    documents.message_subscribe(people.ids)
    me.cr.flush()
    turn = iter(range(10**6))

    def batch():
        number = next(turn)
        documents.write({"name": f"Changed {number}", "audience": ("all", "nobody")[number % 2]})

    def one_by_one():
        number = next(turn)
        for document in documents[:ONE_BY_ONE]:
            document.write({"name": f"Changed {number}", "audience": ("all", "nobody")[number % 2]})
            me.cr.flush()
            me.invalidate_all()

    result = {
        "tracked write of 1,000 records at once": _compare(me, batch, RECORDS),
        "tracked write, one by one": _compare(me, one_by_one, ONE_BY_ONE),
    }
    env.cr.rollback()
    result["verify a million exported entries"] = _verify()
    return result


def _compare(env, work, count):
    """By turns, so that a busy moment of the machine does not fall on one of the two alone.

    `processor_ms` is the time that Odoo and the database have really computed: other work on the same machine
    makes the clock on the wall run, and not this.
    """
    rows = {"without": [], "with": []}
    timed(env, work, count, passes=1)  # warm
    for turn in range(TURNS):
        for way in sorted(rows, reverse=bool(turn % 2)):
            with _without_ledger(env) if way == "without" else contextlib.nullcontext():
                database = _database_seconds(env)
                row = timed(env, work, count, passes=1)
                row["processor_ms"] = row["cpu_ms"] + (_database_seconds(env) - database) * 1000 / count
                rows[way].append(row)
    result = {
        way: {key: round(statistics.median(row[key] for row in found), 3) for key in ("ms", "processor_ms", "queries")}
        for way, found in rows.items()
    }
    pairs = list(zip(rows["with"], rows["without"], strict=True))
    for key in ("ms", "processor_ms"):
        more = statistics.median(a[key] / b[key] for a, b in pairs) - 1
        result[f"more {key} with the ledger, %"] = round(100 * more, 1)
    return {**result, "turns": TURNS}


def _database_seconds(env):
    """Processor time of the database process that serves this connection."""
    with open(f"/proc/{env.cr.connection.info.backend_pid}/stat") as stat:
        used = stat.read().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _without_ledger(env):
    model = env.registry["sqms.document"]
    names, model._ledger_fields = model._ledger_fields, ()
    try:
        yield
    finally:
        model._ledger_fields = names


def _verify():
    """The offline script, alone in a process of its own, as it is run outside."""
    with tempfile.TemporaryDirectory() as folder:
        export, anchor = Path(folder, "export.jsonl.gz"), Path(folder, "anchor.json")
        heads = _write_entries(export)
        _write_header(export, _write_anchor(anchor, heads))
        script = Path(__file__).parents[2] / "sqms_base" / "lib" / "verify_ledger.py"
        code = (
            "import resource, runpy, sys, time; start = time.perf_counter(); used = time.process_time()\n"
            f"sys.argv = ['verify_ledger', {str(export)!r}, {str(anchor)!r}]\n"
            f"main = runpy.run_path({str(script)!r})['main']\n"
            "code = main(sys.argv[1:])\n"
            "print(code, time.perf_counter() - start, time.process_time() - used,"
            " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
        code, wall, processor, memory = done.stdout.split()[-4:]
        if code != "0":
            raise RuntimeError(done.stdout)
        return {
            "entries": CHAINS * LENGTH,
            "chains": CHAINS,
            "seconds": round(float(wall), 1),
            "processor_seconds": round(float(processor), 1),
            "memory_mb": round(int(memory) / 1024),
            "file_mb": round(export.stat().st_size / 1e6, 1),
        }


def _write_entries(path):
    """Entries as a document leaves them: five fields, old and new."""
    heads, columns = {}, {"user": 7, "su": False, "company": 1, "event": "write", "state": None}
    names = "audience,date_effective,name,owner_id,state"
    at = "2026-11-23T04:00:00.123456Z"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for id_ in range(1, CHAINS + 1):
            previous = hash_chain.GENESIS
            for seq in range(1, LENGTH + 1):
                values = [
                    {"name": {"en_US": f"Refund procedure {seq + step}", "zh_CN": f"退款程序 {seq + step}"},
                     "owner_id": step, "audience": "all", "date_effective": "2026-11-23", "state": "draft"}
                    for step in (0, 1)
                ]  # fmt: skip
                said = {"v": 1, "model": "sqms.document", "id": id_, "seq": seq, "at": at, **columns,
                        "old": values[0], "new": values[1]}  # fmt: skip
                said.pop("state")
                text = hash_chain.canonical(said)
                row = {"model": "sqms.document", "id": id_, "seq": seq, "at": at, **columns, "names": names,
                       "prev": previous, "hash": hash_chain.link(previous, text), "text": text}  # fmt: skip
                previous = row["hash"]
                file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            heads["sqms.document", id_] = (LENGTH, previous)
    return heads


def _write_anchor(path, heads):
    said = {
        "format": "sqms-ledger-anchor", "v": 1, "database": "bench", "number": 1, "previous": None,
        "at": "2026-11-23T05:00:00.000000Z", "chains": CHAINS, "entries": CHAINS * LENGTH,
        "heads_digest": verify_ledger.heads_digest(heads), "moved": [[*key, *head] for key, head in heads.items()],
    }  # fmt: skip
    said["digest"] = verify_ledger.anchor_digest(said)
    path.write_text(json.dumps(said, ensure_ascii=False))
    return said["digest"]


def _write_header(path, digest):
    """In front of what is there: packed files may be strung together."""
    header = {"format": "sqms-ledger-export", "v": 1, "database": "bench", "complete": True, "record": None,
              "entries": CHAINS * LENGTH, "anchors": [[1, digest]]}  # fmt: skip
    path.write_bytes(gzip.compress(json.dumps(header).encode() + b"\n") + path.read_bytes())
