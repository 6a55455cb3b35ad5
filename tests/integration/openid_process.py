"""npm's `oidc-provider` as a process: brought once into a cache folder, and spoken to as a person does."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientSession, CookieJar

VERSION = "8.8.1"
CLIENT, SECRET = "zvonok", "secret of the tests, long enough: %+/"
SCRIPT = Path(__file__).with_name("openid_provider.mjs")


def modules() -> Path:
    """Return the folder with the provider, bringing it by npm if it is not there yet."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "zvonok-tests" / f"oidc-provider-{VERSION}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=folder.parent))
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"oidc-provider@{VERSION}"]
        done = subprocess.run(command, cwd=draft, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"npm could not bring oidc-provider: {done.stderr[-300:]}"
        try:
            draft.rename(folder)
        except OSError:
            shutil.rmtree(draft)  # another worker was faster
    return folder


@asynccontextmanager
async def running_provider(people: Mapping[str, Mapping[str, Any]], redirect: str) -> AsyncIterator[str]:
    """Run the provider for the length of the block; return its issuer."""
    folder = await asyncio.to_thread(modules)
    said = {"people": people, "client": {"id": CLIENT, "secret": SECRET}, "redirect": redirect}
    process = await asyncio.create_subprocess_exec(
        *("node", "--input-type=module", "--eval", SCRIPT.read_text(encoding="utf-8")),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PROVIDER": json.dumps(said)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            issuer = (await process.stdout.readline()).decode().strip()
        assert issuer.startswith("http://127.0.0.1:"), "the provider did not start"
        yield issuer
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass(frozen=True)
class Came:
    """Where the provider sent the browser in the end."""

    address: str


async def sign_in(address: str, person: str, redirect: str) -> Came:
    """Do at the provider what a person does: log in, agree, and be sent back."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        form: dict[str, str] | None = None
        for _ in range(12):
            method = "GET" if form is None else "POST"
            async with browser.request(method, address, data=form, allow_redirects=False) as response:
                page, form = await response.text(), None
            if location := response.headers.get("Location"):
                address = urljoin(address, location)
                if address.startswith(redirect):
                    return Came(address)
                continue
            assert response.status == 200, page[:500]
            action = re.search(r'<form[^>]*action="([^"]+)"', page)
            assert action is not None, page[:500]
            address = urljoin(address, unescape(action[1]))
            form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
            if 'name="login"' in page:
                form |= {"login": person, "password": "any"}
        raise AssertionError("the provider sent nobody back")
