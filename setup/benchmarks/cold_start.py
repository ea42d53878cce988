"""From a clean clone to a prepared demo, with nothing cached; then the second start of the same clone."""

import os
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run_alone():
    with tempfile.TemporaryDirectory(prefix="sqms-cold-", dir="/var/tmp") as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        Path(folder).chmod(0o755)
        environment = {
            key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "ODOO_HOME", "PIP_CACHE_DIR")
        }
        environment |= {"XDG_CACHE_HOME": f"{folder}/cache", "PIP_NO_CACHE_DIR": "1"}
        seconds = []
        for _ in range(2):
            started = time.monotonic()
            subprocess.run(
                [str(clone / "setup" / "demo"), "--no-serve"], env=environment, check=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            seconds.append(round(time.monotonic() - started, 1))
    cold, warm = seconds
    return {
        "cold_seconds": cold,
        "warm_seconds": warm,
        "cores": os.cpu_count(),
        "goal": "cold under 600 s on 2 cores, warm under 20 s",
        "held": cold < 600 and warm < 20,
    }
