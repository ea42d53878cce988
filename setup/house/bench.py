"""setup/bench [name ...]: measured comparisons, peer or floor and ours in the same run.

Each benchmark is setup/benchmarks/<name>.py with `run(env) -> dict` for the inside of Odoo's shell (it leaves
the database as it was, or says `OWN_DATABASE = True`), or with `run_alone() -> dict` for what is measured from outside.
One that also has `run_peer(env) -> dict` and `PEERS` is measured beside other addons: they are installed on a database
of their own, from a folder that nothing else sees; a figure of ours with the name of one of theirs gets its ratio.
The results are printed and written as JSON to .run/bench/<name>.json.
"""

import argparse
import ast
import json
import runpy
import shutil

from . import database, odoo_tests, paths, python_env, say, system

FOLDER = paths.ROOT / "setup" / "benchmarks"
RUNNER = """
import json, runpy, sys
sys.path.insert(0, {folder!r})
result = runpy.run_path({script!r})[{function!r}](env)
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
    own = [name for name in wanted if "\nOWN_DATABASE = True" in (FOLDER / f"{name}.py").read_text()]
    inside = [name for name in wanted if name not in (*outside, *own)]
    for name in outside:
        with say.step(f"measuring {name}"):
            result = runpy.run_path(str(FOLDER / f"{name}.py"))["run_alone"]()
        (results / f"{name}.json").write_text(json.dumps(result, indent=2))
    for together in filter(None, (inside, *([name] for name in own))):
        with database.house(odoo, tests=True) as house, odoo_tests.copy(house, "bench") as work:
            with say.step("installing the suite"):
                house.run("Installing the suite", "-d", work, "-i", ",".join(paths.ADDONS), "--stop-after-init",
                          "--log-level=warn", log=odoo_tests.log_of(work))  # fmt: skip
            for name in together:
                with say.step(f"measuring {name}"):
                    _measure(house, work, FOLDER / f"{name}.py", results / f"{name}.json")
                if "def run_peer(" in (FOLDER / f"{name}.py").read_text():
                    _measure_peer(house, FOLDER / f"{name}.py", results / f"{name}.json")
    for name in wanted:
        say.note(f"{name}: {(results / f'{name}.json').read_text()}")
    return 0


def _peers():
    """The folder with the peers, fetched once for each list of versions."""
    wanted = FOLDER / "peers-requirements.txt"
    folder = paths.RUN / "bench" / f"peers_{paths.digest(wanted)}"
    if not (folder / "ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        with say.step("fetching the peers of the benchmarks"):
            say.run(
                [str(paths.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                 "--target", str(folder), "-r", str(wanted)],
                "Fetching the peers", log=paths.RUN / "log" / "pip.log", cwd=paths.ROOT,
            )  # fmt: skip
        (folder / "ready").write_text("")
    return folder / "odoo" / "addons"


def _named(script, name):
    """What a benchmark says of itself, read and not run: it imports what only Odoo's shell finds."""
    for node in ast.parse(script.read_text()).body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", None) == name for target in node.targets):
            return ast.literal_eval(node.value)
    raise say.Stop(f"The benchmark {script.stem} does not say its {name}.")


def _measure_peer(house, script, out):
    """The peers on a database of their own, in the same run; their figures and the ratios join ours."""
    found = _named(script, "PEERS")
    addons = f"--addons-path={house.addons_path()},{_peers()}"
    with odoo_tests.copy(house, "bench_peers") as work:
        with say.step(f"installing {', '.join(found)}"):
            house.run("Installing the peers", "-d", work, "-i", ",".join(found), "--stop-after-init",
                      "--log-level=warn", addons, log=odoo_tests.log_of(work))  # fmt: skip
        result = out.with_name(f"{script.stem}_peer.json")
        with say.step(f"measuring the peers of {script.stem}"):
            _measure(house, work, script, result, addons, function="run_peer")
    ours, theirs = json.loads(out.read_text()), json.loads(result.read_text())
    ours["peers"] = theirs
    ours["ours to the peers"] = {
        name: {key: round(ours[name][key] / figure[key], 2) for key in ("ms", "cpu_ms", "queries")}
        for name, figure in theirs.items()
        if name in ours
    }
    out.write_text(json.dumps(ours, indent=2, ensure_ascii=False))


def _measure(house, work, script, out, *arguments, function="run"):
    """Run one benchmark inside Odoo's shell."""
    out.unlink(missing_ok=True)
    log = paths.RUN / "log" / f"bench_{script.stem}.log"
    code = RUNNER.format(folder=str(FOLDER), script=str(script), out=str(out), function=function)
    with open(log, "w") as stream:
        say.call(
            house.command("shell", "-d", work, "--no-http", "--log-level=warn", *arguments), input=code,
            stdout=stream, stderr=stream, cwd=paths.ROOT,
            env={"SQMS_DATA": str(paths.ROOT.parent / "shared" / "data"), **house.environment()},
        )  # fmt: skip
    if not out.exists():
        raise say.Stop(f"The benchmark {script.stem} did not end well: {log}\n{log.read_text(errors='replace')[-800:]}")


if __name__ == "__main__":
    say.main(main)
