# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build

ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY documents documents
COPY domain domain
COPY handlers handlers
COPY schedules schedules
COPY storage storage
COPY texts texts
COPY understanding understanding
COPY web web
RUN python -m venv /opt/louqun \
    && /opt/louqun/bin/pip install -c constraints.txt ".[wechaty,postgres]"


FROM python:3.12-slim

ENV PATH=/opt/louqun/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    LOUQUN_BIND=0.0.0.0:8080
RUN useradd --uid 10001 --create-home --home-dir /srv/louqun louqun \
    && install -d -o louqun -g louqun /srv/louqun/data
COPY --from=build /opt/louqun /opt/louqun
WORKDIR /srv/louqun
COPY config.yaml ./

USER louqun
VOLUME /srv/louqun/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
