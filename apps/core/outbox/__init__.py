"""The one way out for mails: a row first, sent by a worker after the commit, tried again when the server is away.

``write`` puts a mail in; ``apps.core.tasks`` sends. Each mail is given to the mail server once: a worker that was
killed between the server's yes and our own note sends it again under the same Message-ID, by which a mailbox drops a
double.
"""

from apps.core.outbox.sending import many_wait, send_waiting, some_wait
from apps.core.outbox.writing import CalendarFile, gates, write

__all__ = ["CalendarFile", "gates", "many_wait", "send_waiting", "some_wait", "write"]
