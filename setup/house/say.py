"""Words to the person at the terminal: progress, and one sentence when it cannot go on."""

import contextlib
import errno
import signal
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


_children = set()
_interrupted = threading.Event()


def call(command, input=None, **options):
    """subprocess.run for what takes long: an interruption ends the child, by its id, and starts no other."""
    if _interrupted.is_set():
        raise Stop("Interrupted.")
    options["stdin"] = subprocess.DEVNULL if input is None else subprocess.PIPE
    child = subprocess.Popen(command, text=True, **options)
    _children.add(child)
    try:
        output, errors = child.communicate(input)
    finally:
        _children.discard(child)
    return subprocess.CompletedProcess(command, child.returncode, output, errors)


def _interrupt(_signal, _frame):
    _interrupted.set()
    for child in list(_children):
        child.terminate()
    raise KeyboardInterrupt


def run(command, why, log=None, **options):
    """Run a command; trouble is a Stop with its last words. Returns what it printed."""
    if log:
        Path(log).parent.mkdir(parents=True, exist_ok=True)
        with open(log, "a+") as out:
            start = out.tell()
            done = call(command, stdout=out, stderr=out, **options)
            out.seek(start)
            text = out.read()
    else:
        done = call(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        text = done.stdout
    if done.returncode:
        if "No space left on device" in text:
            raise Stop(f"The disk is full ({why}): free some space and start again.")
        where = f"\nAll of it: {log}" if log else ""
        raise Stop(f"{why} failed: {text.strip()[-1500:] or command[0]}{where}")
    return text


def main(function):
    """Run a command of the house; every expected trouble ends in one sentence and exit code 1."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
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
