"""Private files on S3-compatible storage (FILES_S3); needs requirements/s3.txt."""

import logging

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from apps.core.storage import NotStoredError

log = logging.getLogger(__name__)
# Nobody waits longer for a storage that does not answer.
_PATIENCE = Config(connect_timeout=3, read_timeout=10, retries={"max_attempts": 2})


class PrivateS3Storage(S3Storage):
    """Like ``PrivateStorage``: files leave through a view that asks who is reading, and none has an address."""

    def get_default_settings(self):
        return {**super().get_default_settings(), "client_config": _PATIENCE}

    def url(self, name, *args, **kwargs):
        raise ValueError("A private file has no address: serve it through a view that checks who is reading.")

    def _save(self, name, content):
        try:
            return super()._save(name, content)
        except (BotoCoreError, ClientError) as error:
            log.error("a file could not be stored: %s", type(error).__name__)
            raise NotStoredError from error
