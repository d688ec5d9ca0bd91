"""What a therapist changes in a plan during the demo's history."""

from dataclasses import replace

from athletes.rules.plan import Plan, PlannedLine

FEWER = 2
MANY = 8


def easier(plan: Plan) -> Plan:
    """Return the plan with two repetitions fewer wherever it counts more than eight."""
    blocks = tuple(replace(block, lines=tuple(_easier(line) for line in block.lines)) for block in plan.blocks)
    return Plan(blocks)


def _easier(line: PlannedLine) -> PlannedLine:
    reps = line.dose.reps
    if reps is None or reps <= MANY or line.dose.reps_max is not None:
        return line
    return replace(line, dose=replace(line.dose, reps=reps - FEWER))
