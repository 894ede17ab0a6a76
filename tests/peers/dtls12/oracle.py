# SPDX-License-Identifier: Apache-2.0
"""The oracle that stands in every test: no (key, nonce) is ever used for two records."""

import hashlib
import threading

from .errors import NonceReuse


class NonceOracle:
    """Remembers, per key, each nonce and a hash of the record it came with.

    One instance (ORACLE) serves the whole process, so a server that is killed, restored or
    cloned and then repeats itself under the same key is found, whichever Client object asks.
    Only authenticated records are shown to it: a forger cannot make it cry.
    """

    def __init__(self):
        self._seen = {}
        self._lock = threading.Lock()
        self.replays = 0

    def see(self, keys, nonce, raw):
        """True for a record not seen before, False for an exact repetition (a replay).

        NonceReuse: the nonce came before, under this key, with another record.
        """
        name = hashlib.sha256(keys.key).digest()[:16] + keys.iv + nonce
        digest = hashlib.sha256(raw).digest()
        with self._lock:
            before = self._seen.get(name)
            if before is None:
                self._seen[name] = digest
                return True
            if before != digest:
                raise NonceReuse(f"nonce {nonce.hex()} used for two different records")
            self.replays += 1
            return False

    def __len__(self):
        return len(self._seen)


ORACLE = NonceOracle()
