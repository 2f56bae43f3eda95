"""From a question and the encoded bytes it is about to what was found: all that an inspector does but talk."""

from gateway.inspection.limits import ReadLimits
from gateway.inspection.protocol import Question
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.inspection.transfer import decode


def read_question(question: Question, body: bytes, limits: ReadLimits) -> Reading:
    """Read one part. Never raises but MemoryError."""
    data = decode(body, question.encoding)
    if question.pictures_only:
        from gateway.inspection.data_uris import read_body_pictures

        return read_body_pictures(data, limits)
    return read_part(data, limits, name=question.name, declared=question.declared, covered=question.covered)
