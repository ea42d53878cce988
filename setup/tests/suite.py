"""The addons of the suite as files."""

import ast
import functools
import re

from house import lint, paths

CLOSED = re.compile(r"[^a-z0-9]+")


class Addon:
    """An addon in a folder: its manifest, and its files that git knows or does not ignore."""

    def __init__(self, folder):
        self.folder, self.name = folder, folder.name

    @functools.cached_property
    def manifest(self):
        path = self.folder / "__manifest__.py"
        assert path.exists(), f"{self.name} has no manifest"
        return ast.literal_eval(path.read_text())

    def files(self, *suffixes, under=""):
        """Files below a folder of the addon, as paths relative to the addon."""
        if self.folder.parent == paths.ROOT:
            prefix = f"{self.name}/"
            names = [name[len(prefix) :] for name in tree() if name.startswith(prefix)]
        else:
            names = [str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file()]
        return sorted(
            name for name in names if name.startswith(under) and (not suffixes or name.endswith(tuple(suffixes)))
        )

    def read(self, name):
        return (self.folder / name).read_text()


@functools.cache
def tree():
    return tuple(lint.tree())


def canonical(name):
    """A distribution's name as the package index compares it."""
    return CLOSED.sub("-", name.lower())
