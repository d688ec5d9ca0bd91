"""What a runner tells of one bout of exercise, and what that amounts to."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from athletes.rules.findings import Finding
from exercises.kinds import Side

# What "done" means of a line's side: the dose says it, so the runner is not asked.
SIDE_OF_DONE = {Side.EACH: "both", Side.ALTERNATING: "both", Side.LEFT: "left", Side.RIGHT: "right"}
TWO_SIDED = (Side.EACH, Side.ALTERNATING)


@dataclass(frozen=True, slots=True)
class Told:
    """What the runner said of one exercise: done, partly or skipped; the reason when skipped."""

    prescription: UUID
    done: str
    side_done: str = ""
    skipped_reason: str = ""

    def side(self, prescribed: str) -> str:
        """Return which side was done of a dose with a side; blank where there is none, or nothing was done."""
        if self.done == "skipped":
            return ""
        implied = SIDE_OF_DONE.get(Side(prescribed), "")
        return self.side_done or implied if prescribed in TWO_SIDED else implied


@dataclass(frozen=True, slots=True)
class Session:
    """What the runner said of one bout; null pain (NPRS 0-10) is unknown, never zero."""

    client_id: UUID
    performed_on: date
    told: tuple[Told, ...]
    pain_during: int | None = None
    pain_after: int | None = None
    stopped_for_pain: bool = False
    effort: int | None = None
    note: str = ""
    corrects: UUID | None = None

    @property
    def too_painful(self) -> frozenset[UUID]:
        """The prescriptions that were skipped as too painful."""
        said = (item for item in self.told if (item.done, item.skipped_reason) == ("skipped", "too_painful"))
        return frozenset(item.prescription for item in said)

    def digest(self) -> str:
        """Tell this body from another one under the same client id. The order of the exercises is no difference."""
        told = sorted([str(getattr(item, part)) for part in Told.__slots__] for item in self.told)
        body = {part: getattr(self, part) for part in Session.__slots__} | {"told": told}
        return sha256(json.dumps(body, default=str, sort_keys=True).encode()).hexdigest()


def outcome(told: Collection[Told], *, prescribed: int) -> str:
    """Weigh a session as a whole: done only if every exercise was, missed if all that was told was skipped."""
    said = {item.done for item in told}
    if said == {"skipped"}:
        return "missed"
    return "done" if said == {"done"} and len(told) == prescribed else "partly"


def is_worse(finding: Finding, before: Finding) -> bool:
    """Tell whether a finding about a session says more than the one it corrects.

    P1 says more than P3. Of P1 it is a higher score, or a stop that was not told; of P3 more exercises left out.
    """
    if finding.kind != before.kind:
        return finding.level < before.level
    if finding.kind == "P3":
        return int(finding.evidence["left_out"] or 0) > int(before.evidence["left_out"] or 0)
    score, score_before = (finding.evidence["score"], before.evidence["score"])
    higher = score is not None and (score_before is None or int(score) > int(score_before))
    return higher or (bool(finding.evidence["stopped"]) and not before.evidence["stopped"])
