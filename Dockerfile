FROM python:3.11-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY .ci/constraints.txt ./constraints.txt
COPY ingagents ./ingagents
RUN python -m venv /opt/ingagents \
 && /opt/ingagents/bin/pip install --no-cache-dir --constraint constraints.txt '.[postgres]'

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 ingagents \
 && install --directory --owner ingagents --group ingagents /data
COPY --from=build /opt/ingagents /opt/ingagents
ENV PATH=/opt/ingagents/bin:$PATH PYTHONUNBUFFERED=1
USER ingagents
# settings.toml, .env, the database, outbox/ and reports/ live on this volume.
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
# Where web.enabled is set, /readyz answers at once; else the command reads the database.
HEALTHCHECK --interval=60s --timeout=20s --start-period=20s --retries=3 \
    CMD python -c "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('INGAGENTS_WEB__PORT', '8080') + '/readyz', timeout=6)" 2>/dev/null \
     || ingagents status --running
ENTRYPOINT ["ingagents"]
CMD ["run", "--no-screen", "--log-format", "json"]
