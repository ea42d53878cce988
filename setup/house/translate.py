"""setup/translate [addon ...]: export each .pot, merge it into zh_CN.po, name what has no Chinese yet."""

import tempfile
from pathlib import Path

from . import database, paths, python_env, say, system

COUNT = (
    "import sys, polib\n"
    "po = polib.pofile(sys.argv[1])\n"
    "for e in po:\n"
    "    if not e.obsolete and (not e.translated() or e.fuzzy): print(repr(e.msgid))\n"
)
TERMS = "import sys, polib\nfor e in polib.pofile(sys.argv[1]): print(repr(e.msgid))"


def main(addons):
    with database.preparing():
        system.ensure()
        odoo = python_env.prepare(tests=True)
    with database.house(odoo, tests=True) as house:
        for addon in addons or paths.ADDONS:
            # Imported here: the test runs ask this module whether the templates are still true.
            from . import odoo_tests

            with odoo_tests.copy(house, f"i18n_{addon}") as name:
                log = odoo_tests.log_of(name)
                house.run("Installing", "-d", name, "-i", addon, "--stop-after-init", "--log-level=warn", log=log)
                export(house, name, addon, log)
            missing = merge(addon)
            say.note(f"{addon}: {len(missing)} without Chinese")
            for text in missing:
                say.note(f"    {text}")
    return 0


def export(house, name, addon, log, target=None):
    """Write the template of an installed addon."""
    target = target or paths.ROOT / addon / "i18n" / f"{addon}.pot"
    target.parent.mkdir(exist_ok=True)
    # -o keeps `odoo i18n` from writing into whatever folder it finds the addon in.
    house.run("Exporting the terms", "i18n", "export", "-d", name, "-o", target, addon, log=log)
    return target


def stale(house, name, addon, log):
    """Terms of an installed addon that its committed template lacks, or has for nothing; as failures."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = export(house, name, addon, log, Path(folder) / f"{addon}.pot")
        committed = paths.ROOT / addon / "i18n" / f"{addon}.pot"
        if not committed.exists():
            return [f"{addon} has no translation template: run `setup/translate {addon}`"]
        new, old = (set(say.run([str(paths.PYTHON), "-c", TERMS, str(pot)], "Reading terms").splitlines())
                    for pot in (fresh, committed))  # fmt: skip
    words = [*(f"new {term}" for term in sorted(new - old)), *(f"gone {term}" for term in sorted(old - new))]
    return [f"the translation template is old, run `setup/translate {addon}`: {'; '.join(words[:5])}"] if words else []


def merge(addon):
    """Bring zh_CN.po to the state of the template; returns the terms that lack Chinese."""
    folder = paths.ROOT / addon / "i18n"
    pot, po = folder / f"{addon}.pot", folder / "zh_CN.po"
    if not po.exists():
        say.run(["msginit", "--no-translator", "-l", "zh_CN.UTF-8", "-i", str(pot), "-o", str(po)], "Making zh_CN.po")
    # --previous and fuzzy guesses would put one term's Chinese under another.
    say.run(["msgmerge", "--quiet", "--update", "--backup=none", "--no-fuzzy-matching", str(po), str(pot)], "Merging")
    say.run(["msgattrib", "--no-obsolete", "-o", str(po), str(po)], "Leaving out what is gone")
    return say.run([str(paths.PYTHON), "-c", COUNT, str(po)], "Counting terms").splitlines()


if __name__ == "__main__":
    say.main(main)
