"""Verifies an exported trail without the program: the standard library of Python 3.11 is all that it needs, and it goes out with each export.

    python verify.py trail.jsonl anchor.txt [key.txt]

Each line of the trail is one seal with the rows that its act wrote. Without the key the hashes, the links and the anchor are held against each
other, which shows every change but one by somebody who made the whole chain anew; with the key that shows too.
"""

import hmac
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

NOTHING = "0" * 64


def wrongs(lines: Iterable[str], anchor: Mapping[int, str], key: bytes | None) -> Iterator[str]:
    """Everything that is wrong, from the beginning on."""
    number, code = 0, NOTHING
    for line in lines:
        seal = json.loads(line)
        number += 1
        if seal["number"] != number:
            yield f"seal {number} is missing"
            number = seal["number"]
        yield from _of_one(seal, code, anchor.get(number), key)
        code = seal["code"]
    yield from (f"seal {known} is in the anchor and not in the trail" for known in sorted(anchor) if known > number)


def _of_one(seal: Mapping[str, Any], previous: str, anchored: str | None, key: bytes | None) -> Iterator[str]:
    place = f"seal {seal['number']}"
    if seal["previous"] != previous:
        yield f"{place} does not hold the code of the seal before it"
    if anchored not in {None, seal["code"]}:
        yield f"{place} has another code in the anchor"
    said = _joined([str(seal["number"]), seal["act_id"], seal["at"], seal["previous"], *(part for entry in seal["entries"] for part in entry)])
    if key is not None and not hmac.compare_digest(hmac.new(key, said, sha256).hexdigest(), seal["code"]):
        yield f"{place} was not made with this key"
    rows = {row["values"]["id"]: _hash(row["table"], row["values"]) for row in seal["rows"]}
    sealed = {one: digest for one, digest in seal["entries"] if one != "before"}
    yield from (f"row {one} of {place} is missing" for one in sealed if one not in rows)
    yield from (f"row {one} of {place} was put in" for one in rows if one not in sealed)
    yield from (f"row {one} of {place} was changed" for one, digest in rows.items() if one in sealed and digest != sealed[one])


def _hash(table: str, values: Mapping[str, Any]) -> str:
    parts = [table]
    for name, value in sorted(values.items()):
        parts += [name, "-" if value is None else "is"[isinstance(value, str)] + str(value)]
    return sha256(_joined(parts)).hexdigest()


def _joined(parts: Iterable[str]) -> bytes:
    return b"".join(f"{len(part)}:{part}".encode() for part in parts)


def main(trail: str, anchor: str, key: str = "") -> int:
    """Say what is wrong first, or that nothing is; 1 in the first case."""
    known: dict[int, str] = {}
    for line in Path(anchor).read_text(encoding="ascii").splitlines():
        number, code = line.split()
        known.setdefault(int(number), code)
    secret = Path(key).read_text(encoding="utf-8").strip().encode() if key else None
    with Path(trail).open(encoding="utf-8") as lines:
        first = next(wrongs(lines, known, secret), None)
    how = "hashes, links, anchor and codes" if secret else "hashes, links and anchor; the codes only with the key"
    sys.stdout.write(f"THE TRAIL WAS CHANGED. First of all, {first}.\n" if first else f"The trail is as it was written ({how}).\n")
    return int(first is not None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
