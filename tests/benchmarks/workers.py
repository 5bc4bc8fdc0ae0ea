"""Prints how much memory a worker of the whole application has, forked as gunicorn forks it (`gunicorn.conf.py`), while it prints labels.

Run: python -m tests.benchmarks.workers FOLDER [renders]

FOLDER holds the records of a demonstration (`var` after `./run`). `own` is what a worker has alone; what it only reads it shares with the process that
forked it, and with the others: its `share` counts those pages by how many processes have them. `all` counts them as if they were its own.
"""

import sys
from multiprocessing import get_context
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

from compounding.app import create_app
from compounding.settings import Settings
from labels.media import MEDIA
from tests.benchmarks.labels import demonstration_label

WORKERS = 2
_CONFIGURATION = run_path("gunicorn.conf.py")


def memory() -> dict[str, float]:
    """The megabytes (10^6 bytes) that this process has, as Linux counts them."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    bytes_of = {name.rstrip(":"): int(size) * 1024 / 1e6 for name, size, _ in map(str.split, lines)}
    return {"own": bytes_of["Private_Clean"] + bytes_of["Private_Dirty"], "share": bytes_of["Pss"], "all": bytes_of["Rss"]}


def main(folder: str, renders: int = 300) -> None:
    """Build the application, fork the workers, and let each print."""
    application = create_app(Settings.from_env({"PHARMACY_DEMONSTRATION": "1", "PHARMACY_VAR": folder}))
    _CONFIGURATION["on_starting"](None)
    server = SimpleNamespace(app=SimpleNamespace(wsgi=lambda: application))
    forks = get_context("fork")
    together = forks.Barrier(WORKERS)  # what they share is counted while all live

    def work(number: int) -> None:
        _CONFIGURATION["post_fork"](server, None)
        for label in range(number * renders, (number + 1) * renders):
            application.extensions["renderer"].dispensing(demonstration_label(label), MEDIA["thermal-4x3"])
        together.wait()
        found = ", ".join(f"{name} {size:.0f} MB" for name, size in memory().items())
        together.wait()
        sys.stdout.write(f"worker {number + 1}: {found} after {renders} labels\n")

    workers = [forks.Process(target=work, args=(number,)) for number in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
