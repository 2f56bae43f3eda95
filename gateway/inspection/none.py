"""What stands in the inspectors' place when `inspection.enabled` is false: attachments are judged by name and type."""

from gateway.model.inspection import InspectedPart
from gateway.model.message import Message
from gateway.model.texts import Texts


class NoInspector:
    """The `Inspector` port that looks into nothing."""

    async def inspect(self, message: Message, texts: Texts, deadline: float) -> tuple[InspectedPart, ...]:
        """Nothing."""
        return ()

    async def close(self) -> None:
        """Nothing to end."""
