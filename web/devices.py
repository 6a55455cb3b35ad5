"""What a person calls the browser that he sits before: «Chrome, Android». Read from what it says of itself.

A browser may say anything; whatever is not recognised is shown as it came, so that its owner can judge.
"""

from texts.reader import Texts

BROWSERS = (
    ("YaBrowser/", "Яндекс Браузер"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("MiuiBrowser/", "Mi Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: most of them say that they are Chrome and Safari as well."""
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
SHOWN = 60
"""Signs of what is not recognised."""


def device_name(texts: Texts, said: str) -> str:
    """Return the name of a browser and its system."""
    found = [next((name for sign, name in known if sign in said), None) for known in (BROWSERS, SYSTEMS)]
    named = ", ".join(name for name in found if name is not None)
    return named or said[:SHOWN].strip() or texts.format("web-device-unknown")
