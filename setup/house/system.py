"""Programs of the machine: PostgreSQL, Chromium, wkhtmltopdf, fonts."""

import glob
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from . import say

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def postgres_bin():
    """The folder of the newest PostgreSQL server programs, or None."""
    found = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb"),
        key=lambda path: int(path.split("/")[4].split(".")[0]),
    )
    if found:
        return Path(found[-1]).parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


def has_external_postgres():
    return bool(os.environ.get("PGHOST") or os.environ.get("PGSERVICE"))


def _has_cjk_font():
    if not shutil.which("fc-list"):
        return bool(glob.glob("/usr/share/fonts/**/NotoSansCJK*", recursive=True))
    return bool(subprocess.run(["fc-list", ":lang=zh"], stdout=subprocess.PIPE, check=False).stdout)


def missing():
    """Debian packages that this machine still needs."""
    needs = {
        "postgresql": has_external_postgres() or postgres_bin(),
        "chromium": any(map(shutil.which, CHROMIUM_NAMES)),
        "wkhtmltopdf": shutil.which("wkhtmltopdf"),
        "fonts-noto-cjk": _has_cjk_font(),
        "python3-venv": importlib.util.find_spec("ensurepip"),
        "gettext": shutil.which("msgfmt"),
    }
    return [package for package, there in needs.items() if not there]


def ensure():
    """Install what is missing where root or sudo allows it; otherwise say the one command to type."""
    packages = missing()
    if not packages:
        return
    command = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise say.Stop(
            "This machine has no apt. Please install these programs its own way and start again: " + ", ".join(packages)
        )
    prefix = []
    if os.geteuid() != 0:
        free_sudo = (
            shutil.which("sudo")
            and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
        )
        if not free_sudo:
            raise say.Stop(f"Some programs are missing. Please type this and start again:\n    sudo {command}")
        prefix = ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with say.step(f"installing {', '.join(packages)} (Debian packages)"):
        # Debian would start a server of its own on the default port: ours is private.
        keep = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive"]
        try:
            say.run([*keep, "apt-get", "update"], "Asking for the machine's package lists", env=environment)
            say.run([*keep, *command.split()], "Installing packages", env=environment)
        except say.Stop as stop:
            raise say.Stop(
                f"Debian's packages could not be installed (is there a network?). The command was: {command}\n{stop}"
            ) from None
    left = missing()
    if left:
        raise say.Stop(f"Still missing after installation: {', '.join(left)}. Please install them and start again.")
