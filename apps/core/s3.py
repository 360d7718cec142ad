"""Private files on S3-compatible storage (FILES_S3); needs requirements/s3.txt."""

from storages.backends.s3 import S3Storage


class PrivateS3Storage(S3Storage):
    """Like ``PrivateStorage``: files leave through a view that asks who is reading, and none has an address."""

    def url(self, name, *args, **kwargs):
        raise ValueError("A private file has no address: serve it through a view that checks who is reading.")
