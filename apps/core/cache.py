"""The shared cache, and what stands in for it while it is away."""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
# Seconds.
_PAUSE = 10
_OPERATIONS = (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "has_key",
    "incr",
    "clear",
)


class SturdyRedisCache(RedisCache):
    """Redis, or this process's own memory for some seconds after an operation that Redis did not answer: a slow
    one is as good as none, and would make each page slow.

    Limits on log-in attempts keep counting then, process by process, and nobody is locked out of the portal.
    """

    def __init__(self, server, params):
        super().__init__(server, params)
        self.local = LocMemCache(f"instead of {server}", dict(params))
        self.asked_again_at = 0.0

    def answers(self) -> bool:
        """Whether Redis itself does."""
        try:
            return bool(self._cache.get_client(None).ping())
        except (RedisError, OSError):
            return False


def _sturdy(name: str):
    def operation(self, *args, **kwargs):
        if time.monotonic() >= self.asked_again_at:
            try:
                return getattr(super(SturdyRedisCache, self), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.asked_again_at = time.monotonic() + _PAUSE
                log.warning("the cache is away (%s): counting in this process", type(error).__name__)
        return getattr(self.local, name)(*args, **kwargs)

    return operation


for _name in _OPERATIONS:
    setattr(SturdyRedisCache, _name, _sturdy(_name))
