"""Pages as text: Jinja2 templates with one style, whose hash is the only style that browsers are told to accept."""

import hashlib
from base64 import b64encode
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.refusals import Refusal
from texts.reader import Texts

TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Fills in templates with words of one language."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # In an attribute, for a script: Russian letters as they are.
        self._environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
        self._environment.globals["say"] = texts.format
        self._environment.globals["language"] = texts.language

    @property
    def style_hash(self) -> str:
        """What a Content-Security-Policy calls the style of every page. Source: CSP Level 3, hash-source."""
        style = self._environment.get_template("page.css").render()
        return f"sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}"

    def page(self, template: str, status: HTTPStatus, **values: object) -> web.Response:
        """Return a page made of a template."""
        html = self._environment.get_template(template).render(values)
        return web.Response(text=html, status=status, content_type="text/html")

    def sentence(self, refusal: Refusal) -> str:
        """Say what was refused, and whom to ask."""
        return self._texts.format(f"refusal-{refusal.code}", **refusal.details)

    def refused(self, refusal: Refusal, status: HTTPStatus) -> web.Response:
        """Return a page that says why something is not shown, and whom to ask."""
        title = self._texts.format("web-closed-title")
        return self.page("message.html", status, title=title, sentence=self.sentence(refusal))

    def message(self, name: str, status: HTTPStatus) -> web.Response:
        """Return a page that says one thing: its title and its sentence are texts of this name."""
        title, sentence = self._texts.format(f"web-{name}-title"), self._texts.format(f"web-{name}")
        return self.page("message.html", status, title=title, sentence=sentence)
