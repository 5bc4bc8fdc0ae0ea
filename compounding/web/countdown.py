"""The time that the law leaves, in words."""

from datetime import datetime

_MINUTE, _HOUR = 60, 3600  # seconds


def left(due_at: datetime, now: datetime) -> str:
    """How long it is until `due_at`, or how long ago that was: "11 h 20 min left", "2 d 3 h over"."""
    seconds = int((due_at - now).total_seconds())
    return f"{_span(abs(seconds))} {'left' if seconds >= 0 else 'over'}"


def _span(seconds: int) -> str:
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    days = hours // 24
    return f"{days} d {hours % 24} h" if days >= 2 else f"{hours} h {minutes} min"
