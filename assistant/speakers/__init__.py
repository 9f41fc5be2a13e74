"""Who is speaking: `find_speaker` tells whose words a sentence of an article are; each module is a step of the way."""

from assistant.speakers.finding import find_speaker

__all__ = ["find_speaker"]
