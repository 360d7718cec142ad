"""The virus scanner beside the portal: clamd, asked over its own protocol (INSTREAM). Without an address it is off."""

import socket
import struct

from django.conf import settings

_PATIENCE = 20  # seconds
_PIECE = 64 * 1024


class ScannerAwayError(Exception):
    """No scanner answered: the file is neither clean nor not."""


def is_on() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def is_clean(file) -> bool:
    """Asks the scanner; the file is left at its start. Raises ScannerAwayError."""
    file.seek(0)
    try:
        with _connection() as line:
            line.sendall(b"zINSTREAM\0")
            while piece := file.read(_PIECE):
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            answer = line.makefile("rb").read(4096)
    except OSError as error:
        raise ScannerAwayError from error
    finally:
        file.seek(0)
    if answer.rstrip(b"\0\n").endswith(b": OK"):
        return True
    if b"FOUND" in answer:
        return False
    raise ScannerAwayError  # an error of its own, as a stream that is too long for it


def _connection() -> socket.socket:
    """``host:port``, or the path of a socket."""
    address = settings.CLAMD_ADDRESS
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_PATIENCE)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=_PATIENCE)
