"""Each addon is a wheel that pip installs beside Odoo, the suite is one more that asks for the five."""

import email
import os
import re
import shutil
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import suite

from house import paths

META = paths.ROOT / "setup" / "sqms"


class Wheel:
    def __init__(self, path):
        with zipfile.ZipFile(path) as archive:
            self.names = archive.namelist()
            info = next(name for name in self.names if name.endswith(".dist-info/METADATA"))
            self.metadata = email.message_from_bytes(archive.read(info))
        self.requires = {
            suite.canonical(re.match(r"[\w.-]+", line)[0]): re.sub(r"^[\w.-]+\s*", "", line)
            for line in self.metadata.get_all("Requires-Dist", ())
        }


def build(folder, target):
    """`pip wheel` of a folder, without network: the tests' environment has the build tools."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        [str(paths.PYTHON), "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps",
         "--no-build-isolation", "--wheel-dir", str(target), str(folder)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env={**environment, "GIT_CEILING_DIRECTORIES": str(folder.parent)},
    )  # fmt: skip
    assert not done.returncode, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """Builds by name, of the files that git knows or does not ignore, as they are now.

    They are built outside the repository: whool packs what is committed, and derives a version from the
    history, so that a working tree with changes or a shallow clone would give something else.
    """
    room = tmp_path_factory.mktemp("wheels")
    sources = {name: paths.ROOT / name for name in paths.ADDONS} | {"sqms": META}
    for name, folder in sources.items():
        prefix = f"{folder.relative_to(paths.ROOT)}/"
        for file in suite.tree():
            if file.startswith(prefix):
                copy = room / name / file[len(prefix) :]
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(paths.ROOT / file, copy)
        (room / f"{name}-wheel").mkdir()
    with ThreadPoolExecutor(2) as pool:
        return {name: pool.submit(build, room / name, room / f"{name}-wheel") for name in sources}


def test_wheel_holds_every_file_of_the_addon(addon, wheels):
    inside = wheels[addon.name].result()
    with zipfile.ZipFile(inside) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == {f"odoo/addons/{addon.name}/{name}" for name in addon.files() if name != "pyproject.toml"}
    for room in ("i18n/zh_CN.po", "static/description/icon.png", "security/ir.model.access.csv"):
        assert f"odoo/addons/{addon.name}/{room}" in packed


def test_wheel_asks_for_odoo_and_for_what_the_manifest_names(addon, wheels):
    wheel = Wheel(wheels[addon.name].result())
    ours = {name for name in addon.manifest["depends"] if name.startswith(("sqms_", "helpdesk_mgmt"))}
    python = addon.manifest.get("external_dependencies", {}).get("python", ())
    expected = {"odoo", *(f"odoo-addon-{suite.canonical(name)}" for name in ours), *map(suite.canonical, python)}
    assert set(wheel.requires) == expected
    assert wheel.requires["odoo"] == "==19.0.*"
    assert all(wheel.requires[f"odoo-addon-{suite.canonical(name)}"] == "==19.0.*" for name in ours)


def test_wheel_is_named_and_versioned_after_the_addon(addon, wheels):
    metadata = Wheel(wheels[addon.name].result()).metadata
    assert suite.canonical(metadata["Name"]) == f"odoo-addon-{suite.canonical(addon.name)}"
    assert metadata["Version"] == addon.manifest["version"]
    assert metadata["License"] == addon.manifest["license"]
    assert metadata["Summary"] == addon.manifest["summary"]


def test_metapackage_asks_for_the_five_addons_and_nothing_else(wheels):
    wheel = Wheel(wheels["sqms"].result())
    assert wheel.metadata["Name"] == "odoo-addons-sqms"
    assert wheel.requires == {f"odoo-addon-{suite.canonical(name)}": "==19.0.*" for name in paths.ADDONS}
    assert not [name for name in wheel.names if ".dist-info/" not in name]


def test_metapackage_has_the_version_of_the_platform(wheels):
    wheel = Wheel(wheels["sqms"].result())
    assert wheel.metadata["Version"] == suite.Addon(paths.ROOT / "sqms_base").manifest["version"]
