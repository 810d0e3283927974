"""How often a client may ask."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

WINDOW_S = 60.0
CLIENTS = 10_000


class RateLimiter:
    """A token bucket a client: `per_minute` questions at once, refilled evenly; 0 lets everything through."""

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, client: str) -> float:
        """Takes a token: 0 where there was one, else the seconds until there is."""
        if self._per_minute == 0:
            return 0.0
        with self._lock:
            return self._take(client, self._clock())

    def _take(self, client: str, now: float) -> float:
        tokens, since = self._buckets.pop(client, (float(self._per_minute), now))
        tokens = min(float(self._per_minute), tokens + (now - since) * self._per_minute / WINDOW_S)
        taken = tokens >= 1
        self._buckets[client] = (tokens - 1 if taken else tokens, now)
        while len(self._buckets) > CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - tokens) * WINDOW_S / self._per_minute
