"""Directions as a prescriber wrote them, read to steps or refused: `decode` proposes, `in_plain_words` shows the guess, a person decides."""

from compounding.domain.directions.reading import Reading, ReadStep, Strengths, Unread, decode
from compounding.domain.directions.said import in_plain_words, when_said

__all__ = ["ReadStep", "Reading", "Strengths", "Unread", "decode", "in_plain_words", "when_said"]
