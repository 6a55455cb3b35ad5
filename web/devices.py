"""What stands in the list of one's stays for a browser.

A browser may say anything of itself; whatever is not recognised is shown as it came, so that its owner can judge.
"""

from core.account.browsers import browser_name
from texts.reader import Texts

SHOWN = 60
"""Signs of what is not recognised."""


def device_name(texts: Texts, said: str) -> str:
    """Return the name of a browser and its system."""
    return browser_name(said) or said[:SHOWN].strip() or texts.format("web-device-unknown")
