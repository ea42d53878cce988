"""Odoo 19 on disk: the person's own (ODOO_HOME), else Debian's package, else a clone of the 19.0 branch.

Debian's package is taken from the mirror that the machine's apt already uses, checked by apt's own
signatures, in an apt state of its own, and unpacked into a versioned folder of the cache.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import paths, say

PACKAGE = "odoo-19"
FROM_SID = (
    PACKAGE, "libjs-jquery", "libjs-jquery-form", "libjs-underscore",
    "fonts-roboto-unhinted", "fonts-montserrat", "fonts-ocr-b",
)  # fmt: skip
FROM_STABLE = ("fonts-font-awesome", "fonts-inconsolata")
DIST = Path("usr/lib/python3/dist-packages")
# Debian strips this file, and without it every page of the web client logs an error.
STRIPPED = Path("odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js")
CLONE = "https://github.com/odoo/odoo.git"
NEEDED_BYTES = 3 * 1024**3


def home():
    """The folder that holds the `odoo` package. Fetched when it is not there yet."""
    own = os.environ.get("ODOO_HOME")
    if own:
        return _own(Path(own).expanduser().resolve())
    current = paths.CACHE / "odoo"
    if (current / "ready").exists():
        return Path((current / "ready").read_text().strip())
    paths.CACHE.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(paths.CACHE).free < NEEDED_BYTES:
        raise say.Stop(f"The disk is nearly full: Odoo needs 3 GB under {paths.CACHE}. Free some space, start again.")
    found = _debian() or _clone()
    current.mkdir(exist_ok=True)
    (current / "ready.new").write_text(str(found))
    (current / "ready.new").replace(current / "ready")
    return found


def version(folder):
    text = (folder / "odoo" / "release.py").read_text()
    return re.search(r"version_info = \((\d+), (\d+)", text).groups()


def _own(folder):
    for candidate in (folder, folder / DIST, folder.parent):
        if (candidate / "odoo" / "release.py").exists():
            if version(candidate)[0] != "19":
                raise say.Stop(f"ODOO_HOME={folder} holds Odoo {'.'.join(version(candidate))}; SQMS needs Odoo 19.0.")
            return candidate
    raise say.Stop(f"ODOO_HOME={folder} holds no Odoo: name the folder that contains the `odoo` package.")


def addons_paths(folder):
    """Addons folders beside the package itself (a checkout keeps most of them in `addons`)."""
    path = folder / "addons"
    own = (folder / "odoo" / "addons" / "web" / "__manifest__.py").exists()
    return [] if own or not any(path.glob("*/__manifest__.py")) else [path]


def _debian():
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return None
    mirror, release = _mirror()
    if not mirror:
        return None
    with tempfile.TemporaryDirectory(prefix="apt-", dir=paths.CACHE) as state:
        apt = _private_apt(Path(state), mirror, release)
        with say.step("asking Debian for Odoo 19"):
            updated = apt("apt-get", "update")
        if updated.returncode or re.search(r"^[WE]: .*(Failed|Could not|not valid)", updated.stdout, re.M):
            say.note(f"  Debian does not answer: {updated.stdout.strip()[-300:]}")
            return None
        candidate = re.search(r"Candidate: (\S+)", apt("apt-cache", "policy", PACKAGE).stdout)
        if not candidate or candidate[1] == "(none)":
            say.note(f"  Debian has no package {PACKAGE} any more.")
            return None
        target = paths.CACHE / f"odoo-{candidate[1]}"
        if not (target / DIST / "odoo").exists():
            with say.step(f"fetching and unpacking Odoo {candidate[1]} (130 MB)"):
                _unpack(apt, Path(state), release, target)
        return target / DIST


def _mirror():
    """(address, release) of the Debian mirror that this machine's apt uses."""
    ask = ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(COMPONENT)|$(RELEASE)", "Created-By: Packages"]
    for known in (["Origin: Debian", "Label: Debian"], []):
        # Without package lists apt knows no origins yet: then the address itself has to tell.
        listing = subprocess.run([*ask, *known], capture_output=True, text=True, check=False).stdout
        for line in listing.splitlines():
            address, component, release = line.split("|")
            if component == "main" and "-" not in release and (known or address.rstrip("/").endswith("/debian")):
                return address, release
    return None, None


def _private_apt(state, mirror, release):
    """A function that runs apt with lists, cache and sources of its own; signatures are checked as always."""
    for folder in ("lists/partial", "cache/archives/partial", "preferences.d"):
        (state / folder).mkdir(parents=True)
    keyring = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
    signed = f"[signed-by={keyring}] " if keyring.exists() else ""
    suites = dict.fromkeys(("sid", release))
    (state / "sources.list").write_text("".join(f"deb {signed}{mirror} {suite} main\n" for suite in suites))
    options = {
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferencesparts": state / "preferences.d",
        "Dir::State::lists": state / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": state / "cache",
        "APT::Sandbox::User": "",
        "APT::Get::AllowUnauthenticated": "false",
    }
    flags = [flag for key, value in options.items() for flag in ("-o", f"{key}={value}")]

    def apt(program, *arguments, cwd=None):
        return subprocess.run(
            [program, *flags, *arguments], cwd=cwd, text=True, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, "LC_ALL": "C"},
        )  # fmt: skip

    return apt


def _unpack(apt, state, release, target):
    debs = state / "debs"
    debs.mkdir()
    packages = [f"{name}/sid" for name in FROM_SID] + [f"{name}/{release}" for name in FROM_STABLE]
    fetched = apt("apt-get", "download", *packages, cwd=debs)
    if fetched.returncode:
        why = fetched.stdout.strip()[-400:]
        raise say.Stop(f"Odoo could not be downloaded from Debian (is there a network?): {why}")
    building = target.with_name(target.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for deb in sorted(debs.glob("*.deb")):
        say.run(["dpkg-deb", "-x", str(deb), str(building)], f"Unpacking {deb.name}")
    stripped = building / DIST / STRIPPED
    if not stripped.exists():
        stripped.parent.mkdir(parents=True, exist_ok=True)
        stripped.write_text("")
    dangling = dangling_links(building)
    if dangling:
        raise say.Stop(f"Debian's packages lack files that Odoo's web client needs: {', '.join(dangling[:5])}")
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)


def dangling_links(root):
    """Links under `root` whose target does not exist inside `root`."""
    inside, broken = root.resolve(), []
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            link = Path(folder, name)
            if link.is_symlink():
                target = Path(os.path.realpath(link))
                if not target.exists() or inside not in target.parents:
                    broken.append(str(link.relative_to(root)))
    return sorted(broken)


def _clone():
    """The second source: the 19.0 branch of Odoo's public repository."""
    if not shutil.which("git"):
        raise say.Stop("Odoo 19 is not to be had from Debian here, and there is no git to clone it: set ODOO_HOME.")
    target = paths.CACHE / "odoo-19.0-git"
    if not (target / "odoo" / "release.py").exists():
        building = target.with_name(target.name + ".new")
        shutil.rmtree(building, ignore_errors=True)
        say.note("- Debian's package odoo-19 is not available: cloning the 19.0 branch of Odoo's repository instead")
        try:
            with say.step("cloning Odoo 19.0 (some 600 MB)"):
                clone = ["git", "clone", "--quiet", "--depth", "1", "--branch", "19.0", CLONE, str(building)]
                say.run(clone, "Cloning Odoo", env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
        except say.Stop as stop:
            raise say.Stop(
                "Odoo 19 could not be fetched, neither from Debian nor from its repository: is there a network? "
                f"Or set ODOO_HOME to an Odoo 19 you have.\n{stop}"
            ) from None
        building.rename(target)
    return target
