"""Debian's nginx as the messenger: whatever is posted, it answers at once what the Bot API answers to a message."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from socket import create_server

from scripts.debian_packages import Need, install

HOST = "127.0.0.1"
NGINX = Need("nginx", "/usr/sbin/nginx")
_SECONDS = 10.0
"""Within which it listens, or never will."""
_ANSWER = {
    "ok": True,
    "result": {
        "message_id": 4711,
        "from": {"id": 42, "is_bot": True, "first_name": "Школа", "username": "school_bot"},
        "chat": {"id": 1001, "first_name": "Родитель", "type": "private"},
        "date": 1792467600,
        "text": "Пропущен урок\n\nЁлкина Саша, 5 «А»\nвторник, 20 октября\n\n1-й урок, 8:30, математика",
        "entities": [{"offset": 0, "length": 13, "type": "bold"}],
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "Понятно", "callback_data": "a:0123456789abcdef:ok"}]]},
    },
}
"""Source: Bot API, method sendMessage, object Message; the sender reads of it no more than the id."""
_CONFIG = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen {host}:{port};
    location / {{ default_type application/json; return 200 '{answer}'; }}
  }}
}}
"""


def lacking() -> str | None:
    """Install nginx if that is possible here; else say in one line what is missing."""
    if NGINX.missing and not install([NGINX.package]):
        return f"python -m bench gateway needs a Debian package: apt-get install {NGINX.package}"
    return None


def version() -> str:
    """Return what it calls itself: «nginx/1.22.1»."""
    told = subprocess.run([NGINX.program, "-v"], capture_output=True, check=True, text=True).stderr
    return told.rpartition(" ")[2].strip()


@asynccontextmanager
async def running_nginx(folder: Path) -> AsyncIterator[tuple[int, int]]:
    """Run one process of it for the length of the block; give its port and its pid. Raises ``RuntimeError``."""
    with create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
    answer = json.dumps(_ANSWER, ensure_ascii=False, separators=(",", ":"))
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, host=HOST, port=port, answer=_quoted(answer)), encoding="utf-8")
    running = await asyncio.create_subprocess_exec(
        NGINX.program, *("-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config))
    )
    try:
        if not await _listens(running, port):
            raise RuntimeError(_written(folder / "error.log"))
        yield port, running.pid
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


def _quoted(answer: str) -> str:
    """Return the text as it stands between single quotes of a configuration, where a backslash is one of its own."""
    return answer.replace("\\", "\\\\").replace("'", "\\'")


def _written(log: Path) -> str:
    return log.read_text(encoding="utf-8")


async def _listens(running: asyncio.subprocess.Process, port: int) -> bool:
    """Wait until it listens; False if it ended instead."""
    async with asyncio.timeout(_SECONDS):
        while running.returncode is None:
            try:
                _, writer = await asyncio.open_connection(HOST, port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                return True
    return False
