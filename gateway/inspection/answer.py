"""From a question and the encoded bytes it is about to what was found: all that an inspector does but talk."""

from gateway.inspection.limits import ReadLimits
from gateway.inspection.protocol import Question
from gateway.inspection.read_part import read_part
from gateway.inspection.reading import Reading
from gateway.inspection.transfer import decode


def read_question(question: Question, body: bytes, limits: ReadLimits) -> Reading:
    """Read one part. Never raises but MemoryError."""
    data = decode(body, question.encoding)
    if question.is_body:
        from gateway.inspection.body import read_body

        return read_body(data, limits, is_html=question.declared != "text/plain", covered=question.covered)
    return read_part(data, limits, name=question.name, declared=question.declared, covered=question.covered)
