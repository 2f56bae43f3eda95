"""Inspection without a process, for messages that are the operator's own: the proofs of rules, and tests.

Nothing here bounds time or memory but the readers' own limits: never for mail that a stranger sent.
"""

from gateway.inspection.limits import ReadLimits
from gateway.inspection.worth import candidates
from gateway.model.inspection import InspectedPart
from gateway.model.message import Message
from gateway.model.texts import Texts


def inspect_in_process(message: Message, texts: Texts, limits: ReadLimits | None = None) -> tuple[InspectedPart, ...]:
    """What the pool would say of a message's parts."""
    wanted = candidates(message, texts)
    if not wanted:
        return ()
    from gateway.inspection.answer import read_question
    from gateway.inspection.protocol import decode_answer, encode_answer

    found = []
    for candidate in wanted:
        body = message.raw[candidate.start : candidate.end]
        reading = read_question(candidate.question, body, limits or ReadLimits())
        found.append(decode_answer(encode_answer(reading)[4:], candidate.part_index)[0])
    return tuple(found)
