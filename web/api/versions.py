"""Versions of what an address shows: the tag of an answer, and what a change says that it was made from.

A tag is the digest of the answer itself, and so is strong; an intermediary that packs the answer may weaken it on its
way (W/), and what comes back weakened is the same answer. Source: RFC 9110 §8.8.3, §13.1.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from http import HTTPStatus

from web.api.problems import ApiError
from web.api.wire_types import Shown

_TAG = re.compile(r'(?:W/)?("[!#-~]*")')
ANY = "*"
_CHARACTERS = 22


def tag_of(body: bytes) -> str:
    """Return the tag of an answer's bytes."""
    digest = urlsafe_b64encode(hashlib.sha256(body).digest()).decode()
    return f'"{digest[:_CHARACTERS]}"'


def tag_of_shown(shown: Shown) -> str:
    """Return the tag of what an address shows."""
    return tag_of(shown.model_dump_json().encode())


def demand_match(wanted: str | None, shown: Shown | None) -> None:
    """Raise ``ApiError`` (412) unless a change was made from what stands now; it need not say from what.

    ``*`` is whatever stands, and what is no tag at all is no version of anything. Where nothing stands (None), nothing
    matches (RFC 9110 §13.1.1): ask only where a change would be carried out otherwise, since what is refused in any
    case, as not there (404) or not allowed (403), is refused as that (§13.2.1).
    """
    if wanted is None or (shown is not None and wanted.strip() == ANY):
        return
    if shown is None or tag_of_shown(shown) not in _TAG.findall(wanted):
        raise changed_since()


def changed_since() -> ApiError:
    """Return the refusal of a change that was made from something older."""
    return ApiError(HTTPStatus.PRECONDITION_FAILED, "changed-since", field="If-Match")


def is_known(seen: str | None, tag: str) -> bool:
    """Tell whether the asker has this answer already (If-None-Match)."""
    return seen is not None and (seen.strip() == ANY or tag in _TAG.findall(seen))
