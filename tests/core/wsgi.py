"""Requests through WSGI, as a server makes them."""

from io import BytesIO
from urllib.parse import unquote


class Answer:
    def __init__(self, status: str, headers: list, body: bytes):
        self.status, self.headers, self.body = int(status.split()[0]), {k.lower(): v for k, v in headers}, body

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(application, path: str, **environ) -> Answer:
    """One request through WSGI, as a server would make it."""
    path, _mark, query = path.partition("?")
    path = unquote(path).encode().decode("latin-1")
    started = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        **environ,
    }
    chunks = application(environ, lambda *arguments: started.append(arguments))
    body = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    return Answer(*started[-1][:2], body)


def made(application, path: str, **environ) -> tuple[Answer, bool]:
    """The answer, and whether the portal itself was asked for it."""
    asked = []
    inner = application.application

    def counting(*arguments):
        asked.append(1)
        return inner(*arguments)

    application.application = counting
    try:
        return ask(application, path, **environ), bool(asked)
    finally:
        application.application = inner
