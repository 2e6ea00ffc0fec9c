"""All questions by id, each read from its JSON when it is first asked for.

Twenty thousand questions are half a second of work and a hundred megabytes when all are unpacked;
a running portal needs few of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.core.content_json import question_from_json
from portal.core.questions import Question

Packed = tuple[str, str, int]  # canonical JSON, path, line


class Questions(Mapping[str, Question]):
    """A read-only mapping; safe to read from any number of threads."""

    def __init__(self, packed: Mapping[str, Packed], before: Questions | None = None) -> None:
        self._packed = packed
        self._unpacked: dict[str, Question] = {}
        if before is not None:
            for question_id, question in dict(before._unpacked).items():  # readers may add to it
                if packed.get(question_id) == before._packed.get(question_id):
                    self._unpacked[question_id] = question

    def __getitem__(self, question_id: str) -> Question:
        found = self._unpacked.get(question_id)
        if found is None:
            text, path, line = self._packed[question_id]
            found = question_from_json(text, path=path, line=line)
            self._unpacked[question_id] = found
        return found

    def __contains__(self, question_id: object) -> bool:
        return question_id in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def canonical(self, question_id: str) -> str:
        """The canonical JSON of a question, as its version hash was made of it."""
        return self._packed[question_id][0]
