# One image for every process of docker-compose.yml. Runs as a user without rights, on a read-only root.
FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements/production.txt /requirements.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --require-hashes --only-binary :all: -r /requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=backend.config.settings \
    STATIC_ROOT=/srv/static \
    VAR_DIR=/var/lib/foodrelay
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin foodrelay \
    && install -d -o foodrelay -g foodrelay -m 0750 /var/lib/foodrelay
COPY --from=packages /venv /venv
WORKDIR /srv/foodrelay
COPY manage.py ./
COPY backend backend
COPY matching matching
COPY logistics logistics
COPY notifications notifications
# Static files get their names from their content; no secret and no database is needed for that.
RUN VAR_DIR=/tmp/build STATIC_MANIFEST=true python manage.py collectstatic --noinput \
    && rm -rf /tmp/build
# Machine code of both searches, for any processor: where this runs is not where it is built.
ENV NUMBA_CPU_NAME=generic
RUN python -m logistics.domain.solver.kernel && python -m matching.domain.kernel
USER foodrelay
EXPOSE 8000
CMD ["gunicorn", "backend.config.wsgi:application", "--bind", "0.0.0.0:8000"]
