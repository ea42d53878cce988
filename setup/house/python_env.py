"""The virtual environment: Odoo by a .pth line, its needs at versions known to work together, and ours."""

import shutil
import sys
import venv

from . import odoo_source, paths, say

CONSTRAINTS = paths.ROOT / "setup" / "constraints.txt"
RUNTIME = (paths.ROOT / "setup" / "odoo-requirements.txt", paths.ROOT / "requirements.txt")
TESTS = (paths.ROOT / "test-requirements.txt",)


def ensure(odoo, tests=False):
    """Make `.venv` fit for this Odoo; nothing happens when it already is."""
    stamp = paths.VENV / "sqms-ready"
    wanted = paths.digest(sys.version, odoo, CONSTRAINTS, *RUNTIME, *TESTS)
    ready = stamp.read_text().split() if stamp.exists() else []
    if wanted not in ready:
        with say.step("making the Python environment (.venv)"):
            shutil.rmtree(paths.VENV, ignore_errors=True)
            venv.EnvBuilder(with_pip=True, symlinks=True).create(paths.VENV)
            _show_odoo(odoo)
            _pip(RUNTIME)
        stamp.write_text(f"{wanted}\n")
        ready = [wanted]
    if tests and "tests" not in ready:
        with say.step("installing what the tests need"):
            _pip(TESTS)
        stamp.write_text(f"{wanted}\ntests\n")


def site_packages():
    return next(paths.VENV.glob("lib/python3*/site-packages"))


def _pip(files):
    wanted = [flag for file in files for flag in ("-r", str(file))]
    log = paths.RUN / "log" / "pip.log"
    try:
        say.run(
            [str(paths.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--prefer-binary", "-c", str(CONSTRAINTS), *wanted],
            "Installing Python packages", log=log, cwd=paths.ROOT,
        )  # fmt: skip
    except say.Stop as stop:
        if any(word in str(stop) for word in ("Connection", "resolve", "Network", "timed out")):
            raise say.Stop(f"Python packages could not be fetched: is there a network? Details: {log}") from None
        raise


def _show_odoo(odoo):
    """Let Python import Odoo, and pip see it as `odoo 19.0` together with the driver it asks for."""
    site = site_packages()
    (site / "odoo-home.pth").write_text(f"{odoo}\n")
    if not any(odoo.glob("odoo-*.egg-info")) and not any(odoo.glob("odoo-*.dist-info")):
        _stand_in(site, "odoo", "19.0")
    _stand_in(site, "psycopg2", "2.9.99")
    _stand_in(site, "PyPDF2", "2.12.1")


def _stand_in(site, name, version):
    """Package metadata only: psycopg2-binary is the code of psycopg2, and pypdf the successor of PyPDF2."""
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "INSTALLER").write_text("sqms\n")
    (info / "RECORD").write_text("")


def check_python():
    """Said by the launchers in words when Python is too old; here for those who come another way."""
    if sys.version_info < (3, 10):
        raise say.Stop(f"SQMS needs Python 3.10 or newer; this is {sys.version.split()[0]}.")


def odoo_command():
    return [str(paths.PYTHON), "-m", "odoo"]


def prepare(tests=False):
    """Odoo and the environment, ready to run. Returns Odoo's folder."""
    check_python()
    odoo = odoo_source.home()
    ensure(odoo, tests=tests)
    return odoo
