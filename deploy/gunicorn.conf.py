"""gunicorn for the portal: ``gunicorn --config deploy/gunicorn.conf.py config.wsgi``."""

import gc
import os
import tempfile

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads: a long answer (an import of 5,000 rows takes most of a minute) holds up nobody, and is not killed.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
graceful_timeout = 30
# Each worker is replaced now and then, and not all of them at once.
max_requests = int(os.environ.get("WEB_MAX_REQUESTS", "50000"))
max_requests_jitter = max_requests // 10
# The proxy in front writes the access log; errors go to the service's own log.
accesslog = None
errorlog = "-"
# Signals are enough to steer it: no control socket in somebody's home folder.
control_socket_disable = True

# Figures for Prometheus, of all processes together, on a port of their own that only the operator reaches.
_metrics = os.environ.get("METRICS_BIND", "")
if _metrics:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="portal-metrics-"))


def when_ready(server):
    if not _metrics:
        return
    from prometheus_client import CollectorRegistry, multiprocess, start_http_server

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    host, _colon, port = _metrics.rpartition(":")
    start_http_server(int(port), host or "127.0.0.1", registry)


def post_worker_init(worker):
    # What the code itself takes is never waste: not looking at it again and again spares time and memory.
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    if _metrics:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
