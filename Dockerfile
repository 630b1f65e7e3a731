# The review in a container: no compiler, no root, nothing of it can be written to but /data (the home folder) and /tmp.
# Pin the base by its digest where you build: --build-arg PYTHON=python:3.11.14-slim-bookworm@sha256:…
ARG PYTHON=python:3.11.14-slim-bookworm

FROM ${PYTHON} AS built
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock ./
# Every package by version and hash; wheels only, so that nothing of a package is run while it is installed.
RUN python -m venv /app/.venv && /app/.venv/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY app.py ./
COPY .streamlit/config.toml .streamlit/config.toml
COPY data/sample data/sample
COPY queries queries
COPY pages pages
COPY sop sop
RUN /app/.venv/bin/python -m compileall -q app.py pages sop

FROM ${PYTHON}
RUN groupadd --gid 10001 sop && useradd --uid 10001 --gid sop --no-create-home --home-dir /data --shell /usr/sbin/nologin sop \
    && install -d -o sop -g sop -m 0700 /data
COPY --from=built /app /app
WORKDIR /app
USER 10001:10001
ENV PATH=/app/.venv/bin:$PATH HOME=/data SOP_HOME=/data PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as ask; ask.urlopen('http://127.0.0.1:8501/health', timeout=4)"]
STOPSIGNAL SIGTERM
# Beyond this machine it listens only where people sign in: see README, "Running it for others".
ENTRYPOINT ["python", "-m", "sop"]
CMD ["run", "--address", "0.0.0.0", "--port", "8501"]
