"""What a person calls the browser that he sits before: «Chrome, Android». Read from what it says of itself."""

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


def browser_name(said: str) -> str:
    """Return the name of a browser and its system, as far as they are known; empty if neither is."""
    found = [next((name for sign, name in known if sign in said), None) for known in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name is not None)
