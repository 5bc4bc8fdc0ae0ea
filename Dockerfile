# The same three steps as ./run: Pango from Debian, packages from the hashed lock, gunicorn with forked single-thread workers.
FROM python:3.12-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

# Without libharfbuzz-subset0 a label takes up to ten times as long.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /srv/pharmacy pharmacy

WORKDIR /srv/pharmacy

# Before the code: a change of the code does not install anything again.
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock

COPY wsgi.py gunicorn.conf.py ./
COPY migrations ./migrations/
COPY labels ./labels/
COPY compounding ./compounding/

USER 10001
EXPOSE 8000

# A worker that cannot reach its database says so here; curl is not in the image, Python is.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=4)"]

CMD ["gunicorn", "--no-control-socket", "--workers", "2", "--worker-class", "gthread", "--threads", "1", "--bind", "0.0.0.0:8000", "wsgi:application"]
