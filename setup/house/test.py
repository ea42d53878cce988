"""setup/test [addon ...] [--peers] [--quick]: everything that proves the suite.

Ends with the line `N passed, N failed`; the exit code is 1 when anything failed.
Naming addons runs their Odoo tests alone. `--quick` leaves out lint and the demo.
`--peers` also runs the tests of Odoo's and the OCA's modules that the suite extends.
"""

import argparse
import concurrent.futures
import os
import threading

from . import database, lint, odoo_tests, paths, python_env, say, system


class Tally:
    """What passed and what failed; each failure with a line that says what."""

    def __init__(self):
        self.passed, self.failures, self.lock = 0, [], threading.Lock()

    def add(self, part, passed, failures):
        with self.lock:
            self.passed += passed
            self.failures += [f"{part}: {failure}" for failure in failures]
            word = f"{passed} passed, {len(failures)} failed"
            say.note(f"- {part}: {word}")
            for failure in failures:
                say.note("    " + failure.replace("\n", "\n    "))


def main(arguments):
    options = _options(arguments)
    with database.preparing():
        system.ensure()
        odoo = python_env.prepare(tests=True)
    tally = Tally()
    with database.house(odoo, tests=True) as house:
        house.foundation()
        jobs = _jobs(house, options)
        workers = 1 if len(jobs) == 1 else max(3, min(4, os.cpu_count() or 3))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            running = {pool.submit(job): part for part, job in jobs}
            for done in concurrent.futures.as_completed(running):
                try:
                    tally.add(running[done], *done.result())
                except say.Stop as stop:
                    tally.add(running[done], 0, [str(stop)])
    if tally.failures:
        say.note("\nWhat failed:")
        for failure in tally.failures:
            say.note(f"  {failure.splitlines()[0]}")
    say.note(f"\n{tally.passed} passed, {len(tally.failures)} failed")
    return 1 if tally.failures or not tally.passed else 0


def _options(arguments):
    parser = argparse.ArgumentParser(prog="setup/test", description=__doc__)
    parser.add_argument("addons", nargs="*", metavar="addon", help="run the Odoo tests of these addons alone")
    parser.add_argument("--quick", action="store_true", help="leave out lint and the demo")
    parser.add_argument("--peers", action="store_true", help="also the tests of the modules that the suite extends")
    parser.add_argument("--tags", default="", help="Odoo test tags, for instance /sqms_base:TestDocument")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.addons if name not in paths.ADDONS]
    if unknown:
        raise say.Stop(f"There is no addon {unknown[0]} here; there are {', '.join(paths.ADDONS)}.")
    return options


def _jobs(house, options):
    """(part, function that returns how many passed and a list of failures), the longest first."""
    if options.addons:
        return [
            (name, lambda name=name: odoo_tests.alone(house, name, tags=options.tags, tours=True, uninstall=False))
            for name in options.addons
        ]
    jobs = [("all together", lambda: odoo_tests.together(house))]
    jobs += [(f"{name} alone", lambda name=name: odoo_tests.alone(house, name)) for name in paths.ADDONS]
    if options.peers:
        jobs.append(("peers", lambda: odoo_tests.peers(house)))
    if not options.quick:
        jobs += [("demo", lambda: odoo_tests.demo(house)), ("lint", lint.run)]
    jobs.append(("house", odoo_tests.house_tests))
    return jobs


if __name__ == "__main__":
    say.main(main)
