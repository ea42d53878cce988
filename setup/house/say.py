"""Words to the person at the terminal: progress, and one sentence when it cannot go on."""

import contextlib
import errno
import subprocess
import sys
import threading
import time
from pathlib import Path


class Stop(Exception):
    """It cannot go on; the text is the one sentence that says why and what to do."""


def note(text):
    print(text, flush=True)


@contextlib.contextmanager
def step(text):
    """Say what is being done and how long it took; a sign of life every ten seconds."""
    started, done = time.monotonic(), threading.Event()
    note(f"- {text} ...")

    def tick():
        while not done.wait(10):
            note(f"  still at it after {time.monotonic() - started:.0f} s: {text}")

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    note(f"  done in {time.monotonic() - started:.0f} s")


def run(command, why, log=None, **options):
    """Run a command; its output goes to the log file, or comes back as text."""
    options.setdefault("stdin", subprocess.DEVNULL)
    if log:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        with open(log, "a") as out:
            done = subprocess.run(command, stdout=out, stderr=out, text=True, check=False, **options)
        tail = Path(log).read_text(errors="replace")[-2000:]
    else:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
        )
        tail = done.stdout[-2000:]
    if done.returncode:
        if "No space left on device" in tail:
            raise Stop(f"The disk is full ({why}): free some space and start again.")
        raise Stop(f"{why} failed: {tail.strip() or command[0]}" + (f"\nAll of it: {log}" if log else ""))
    return tail if log else done.stdout


def main(function):
    """Run a command of the house; every expected trouble ends in one sentence and exit code 1."""
    try:
        code = function(sys.argv[1:])
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("\nInterrupted. Nothing is broken: start again whenever you like.", file=sys.stderr)
        code = 130
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print("\nThe disk is full: free some space and start again.", file=sys.stderr)
        code = 1
    sys.exit(code)
