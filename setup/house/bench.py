"""setup/bench [name ...]: measured comparisons, peer or floor and ours in the same run.

Each benchmark is setup/benchmarks/<name>.py with `run(env) -> dict` for the inside of Odoo's shell (it leaves
the database as it was), or with `run_alone() -> dict` for what is measured from outside.
The results are printed and written as JSON to .run/bench/<name>.json.
"""

import argparse
import json
import runpy

from . import database, odoo_tests, paths, python_env, say, system

FOLDER = paths.ROOT / "setup" / "benchmarks"
RUNNER = """
import json, runpy, sys
sys.path.insert(0, {folder!r})
result = runpy.run_path({script!r})["run"](env)
env.cr.rollback()
with open({out!r}, "w") as file:
    json.dump(result, file, indent=2, ensure_ascii=False, default=float)
"""


def names():
    return sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


def main(arguments):
    parser = argparse.ArgumentParser(prog="setup/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of: {', '.join(names())}")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in names():
            raise say.Stop(f"There is no benchmark {name}; there are: {', '.join(names())}.")
    with database.preparing():
        system.ensure()
        odoo = python_env.prepare(tests=True)
    results = paths.RUN / "bench"
    results.mkdir(exist_ok=True)
    wanted = options.names or names()
    outside = [name for name in wanted if "def run_alone(" in (FOLDER / f"{name}.py").read_text()]
    inside = [name for name in wanted if name not in outside]
    for name in outside:
        with say.step(f"measuring {name}"):
            result = runpy.run_path(str(FOLDER / f"{name}.py"))["run_alone"]()
        (results / f"{name}.json").write_text(json.dumps(result, indent=2))
    if inside:
        with database.house(odoo, tests=True) as house, odoo_tests.copy(house, "bench") as work:
            with say.step("installing the suite"):
                house.run("Installing the suite", "-d", work, "-i", ",".join(paths.ADDONS), "--stop-after-init",
                          "--log-level=warn", log=odoo_tests.log_of(work))  # fmt: skip
            for name in inside:
                with say.step(f"measuring {name}"):
                    _measure(house, work, FOLDER / f"{name}.py", results / f"{name}.json")
    for name in wanted:
        say.note(f"{name}: {(results / f'{name}.json').read_text()}")
    return 0


def _measure(house, work, script, out):
    """Run one benchmark inside Odoo's shell."""
    out.unlink(missing_ok=True)
    log = paths.RUN / "log" / f"bench_{script.stem}.log"
    code = RUNNER.format(folder=str(FOLDER), script=str(script), out=str(out))
    with open(log, "w") as stream:
        say.call(
            house.command("shell", "-d", work, "--no-http", "--log-level=warn"), input=code,
            stdout=stream, stderr=stream, cwd=paths.ROOT,
            env={"SQMS_DATA": str(paths.ROOT.parent / "shared" / "data"), **house.environment()},
        )  # fmt: skip
    if not out.exists():
        raise say.Stop(f"The benchmark {script.stem} did not end well: {log}\n{log.read_text(errors='replace')[-800:]}")


if __name__ == "__main__":
    say.main(main)
