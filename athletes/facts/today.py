"""What a runner's first page says: six queries at most, whatever the number of exercises."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from athletes.models import Athlete, DueSession, PainReport, Pause, Prescription, Program, ProgramVersion, SessionLog
from athletes.rules.days import Day, DueFact, LogFact, days
from athletes.rules.localtime import DAY, local_date, local_time
from athletes.rules.plan import whole_minutes
from athletes.rules.today import Card, asks_for_morning, standing
from clinic.models import AuditEvent, Member
from clinic.roles import Role
from exercises.kinds import Trigger
from exercises.models.dose import DOSE_FIELDS
from exercises.rules.dose import Dose
