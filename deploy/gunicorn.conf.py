"""gunicorn for the portal: ``gunicorn --config deploy/gunicorn.conf.py config.wsgi``."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Threads: a long answer (an import of 5,000 rows takes most of a minute) holds up nobody, and is not killed.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 30
# Each worker is replaced now and then, and not all of them at once.
max_requests = 5000
max_requests_jitter = 500
# The proxy in front writes the access log; errors go to the service's own log.
accesslog = None
errorlog = "-"
# Signals are enough to steer it: no control socket in somebody's home folder.
control_socket_disable = True
