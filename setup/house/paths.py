"""Where things lie."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".run"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sqms"
ADDONS = ("sqms_base", "sqms_complaint", "sqms_audit", "sqms_training", "sqms_kpi")


def digest(*parts):
    """A short name that changes when any of the parts (text, or files) changes."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) and part.is_file() else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()[:12]


def tree_digest(*folders):
    """A short name for the content of folders, caches and tests left out."""
    files = sorted(
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.is_file() and not {"__pycache__", "tests", "readme"} & set(path.parts)
    )
    return digest(*(part for path in files for part in (path.relative_to(ROOT), path)))
