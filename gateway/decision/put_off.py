"""How often a message that could not be analysed was put off, so that none is put off for ever."""

import hashlib
from collections import OrderedDict

from gateway.model.envelope import Envelope

_REMEMBERED = 4096


class PutOffs:
    """Counts tries by a token of envelope and content; the oldest are forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tries: OrderedDict[bytes, int] = OrderedDict()

    def again(self, envelope: Envelope, raw: bytes) -> bool:
        """Count one more try; True when the message was put off `most` times before and must go on now."""
        token = hashlib.sha256(envelope.mail_from.raw if envelope.mail_from else b"")
        for recipient in envelope.recipients:
            token.update(b"\0" + recipient.path.raw)
        token.update(b"\0" + hashlib.sha256(raw).digest())
        key = token.digest()
        tries = self._tries.pop(key, 0)
        self._tries[key] = tries + 1
        if len(self._tries) > _REMEMBERED:
            self._tries.popitem(last=False)
        return tries >= self._most
