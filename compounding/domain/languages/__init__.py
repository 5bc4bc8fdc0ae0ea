"""The languages of labels and leaflets: each is one file of this folder that gives a `LANGUAGE`, and nothing else has to be told of it."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from compounding.domain.language import ENGLISH, Language


@cache
def languages() -> Mapping[str, Language]:
    """Every language by its code, English first, the others by name."""
    found = [import_module(f"{__name__}.{item.name}").LANGUAGE for item in iter_modules(__path__)]
    return {language.code: language for language in sorted(found, key=_english_first)}


def _english_first(language: Language) -> tuple[bool, str]:
    return language.code != ENGLISH, language.name
