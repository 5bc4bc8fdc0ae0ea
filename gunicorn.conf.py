"""What the server does before and after it forks its workers: gunicorn reads this file where it is started."""

from gunicorn.arbiter import Arbiter

from compounding.app import settle, warm_renderer

# The application is built once, before the fork: a worker begins in no time and shares what it only reads. Of its own it then has 47 MB after 300
# labels instead of 87 (docs/labels.md).
preload_app = True


def on_starting(_server: object) -> None:
    """Read the fonts and print one label, so that no worker has to: its first label then takes as long as any other."""
    warm_renderer()
    settle()


def post_fork(server: Arbiter, _worker: object) -> None:
    """No connection to the database is shared between processes: there is none yet, and if there ever is one, it stays the parent's."""
    server.app.wsgi().extensions["pharmacy"].engine.dispose(close=False)
