"""What the server does before it forks its workers: gunicorn reads this file where it is started."""

from compounding.app import warm_renderer


def on_starting(_server: object) -> None:
    """Read the fonts and print one label, so that no worker has to: its first label then takes as long as any other, and their memory is shared."""
    warm_renderer()
