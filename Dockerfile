# Two stages: the first builds wheels from the hashed locks, the second only runs them.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements-build.lock requirements.lock ./
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes -r requirements-build.lock \
    && /opt/build/bin/pip wheel --require-hashes --no-build-isolation --no-deps \
        --wheel-dir /wheels -r requirements.lock
COPY pyproject.toml README.md CHANGELOG.md ./
COPY classifiers classifiers
COPY monitor monitor
COPY data data
RUN /opt/build/bin/pip wheel --no-build-isolation --no-deps --wheel-dir /wheels . \
    && python -m venv /opt/desk \
    && /opt/desk/bin/pip install --no-index --no-deps /wheels/*.whl

FROM python:3.11-slim
RUN groupadd --system --gid 10001 desk \
    && useradd --system --uid 10001 --gid desk --create-home --home-dir /home/desk desk \
    && install -d -o desk -g desk -m 0700 /var/lib/desk
COPY --from=build /opt/desk /opt/desk
ENV PATH=/opt/desk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MONITOR_HOME=/var/lib/desk
USER 10001:10001
WORKDIR /var/lib/desk
# Database, keys, models, attachments: everything that grows. Back it up, keys apart.
VOLUME ["/var/lib/desk"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["monitor"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
