"""The whole trail as a ZIP file, with the anchor and a program that verifies it where there is none of ours."""

import json
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from compounding.db.seals import Seals, told
from compounding.workflow.act import Look

_READER = Path(__file__).parents[1] / "trail_reader.py"
_README = """The trail of changes and reads of the pharmacy, one seal in each line of trail.jsonl, oldest first.
To verify it: python verify.py trail.jsonl anchor.txt
With the pharmacy's key in a file: python verify.py trail.jsonl anchor.txt key.txt
What is known of patients stands in it locked, and nothing here opens it; lines from before that lock, and names of the staff, stand in plain words. Keep it
as you keep the records themselves.
"""


def write(look: Look, seals: Seals, whole: IO[bytes]) -> int:
    """Write the trail of this moment into `whole`, from its beginning; the number of seals. The anchor is read first."""
    anchor = "".join(f"{number} {code}\n" for number, code in seals.told().items())
    whole.seek(0)
    whole.truncate()  # it may be asked again where the records were busy
    with ZipFile(whole, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr("README.txt", _README)
        bundle.writestr("anchor.txt", anchor)
        bundle.writestr("verify.py", _READER.read_text(encoding="utf-8"))
        with bundle.open("trail.jsonl", "w", force_zip64=True) as out:
            return sum(bool(out.write(json.dumps(line, separators=(",", ":")).encode() + b"\n")) for line in told(look.session))
