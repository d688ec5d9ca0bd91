"""From a solved body to SVG: parts are defined once a file and placed by each frame; limbs are drawn twice, so joints have no seam."""

from dataclasses import dataclass, field
from typing import Final

from exercises.figures import shapes
from exercises.figures.bodies import BODIES, GAP, Person, colours
from exercises.figures.geometry import Point, fold, mix_points, polar, short
from exercises.figures.heads import head
from exercises.figures.held import HELD
from exercises.figures.model import Frame, Movement
from exercises.figures.muscles import FAR, FRONT, SIDE, Spot
from exercises.figures.props import FIXED, Prop, carried
from exercises.figures.rig import Body, solve

ORDER: Final = {
    "side": ("far_arm", "far_leg", "head", "trunk+near_leg", "near_arm"),
    "front": ("trunk", "far_leg", "near_leg", "hips", "head", "far_arm", "near_arm"),
    "back": ("head", "trunk", "far_leg", "near_leg", "hips", "far_arm", "near_arm"),
}
WORK: Final = "var(--fig-work,#f2744e)"
JOINED: Final = 'stroke-width="3" stroke-linejoin="round"'  # of the outlines; stands once, round the figure

Part = tuple[str, Point, float]  # a part's id, where it stands, its angle


@dataclass
class Sheet:
    """The parts of one file: each shape and paint once."""

    prefix: str = ""
    ids: dict[str, str] = field(default_factory=dict)

    def part(self, *pieces: tuple[str, str], mirrored: bool = False) -> str:
        """Return the id of a part made of (paint, path) pieces."""
        body = "".join(f'<path fill="{paint}" d="{path}"/>' for paint, path in pieces)
        body = f'<g transform="scale(-1 1)">{body}</g>' if mirrored else body
        return self.ids.setdefault(body, f"{self.prefix}{_name(len(self.ids))}")

    def defs(self) -> str:
        rows = []
        for body, name in self.ids.items():
            single = body.startswith("<path") and body.count("<path") == 1
            rows.append(body.replace("<path ", f'<path id="{name}" ') if single else f'<g id="{name}">{body}</g>')
        return "<defs>" + "\n".join(rows) + "</defs>"


def _name(n: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[n] if n < len(letters) else f"{letters[n // 26 - 1]}{letters[n % 26]}"


def place(part: Part) -> str:
    name, at, angle = part
    moves = [f"translate({short(at[0])} {short(-at[1])})"] if any(at) else []
    moves += [f"rotate({short(-fold(angle))})"] if short(angle) != "0" else []
    return f'<use href="#{name}" transform="{" ".join(moves)}"/>'


def picture(what: Movement, frame: Frame, sheet: Sheet, name: str) -> str:
    """Draw the body of a frame in its order of drawing, with what it holds; `name` begins the ids of its groups."""
    person, body = BODIES[what.body], solve(frame, what.view)
    hand = _Hand(what, body, sheet, person, colours(person), frame.gaze)
    out = []
    for n, group in enumerate(frame.order or ORDER[what.view]):
        parts = [part for limb in group.split("+") for part in hand.limb(limb)]
        spots = "".join(hand.spots(limb) for limb in group.split("+"))
        placed = "".join(place(part) for part in parts)
        ident = f"{name}{_name(n)}"
        outline = "" if group == "hips" else f'<use href="#{ident}" stroke="{GAP}"/>'
        out.append(f'{outline}<g id="{ident}">{placed}</g>{hand.seam(group)}{spots}')
        out += [attached(prop, body, what) for prop in what.props if prop.get("after") in group.split("+")]
    behind = [HELD[p["kind"]](p, body) for p in what.props if p["kind"] in HELD and p.get("after") == "behind"]
    front = [HELD[p["kind"]](p, body) for p in what.props if p["kind"] in HELD and "after" not in p]
    moved = "".join(attached(p, body, what) for p in what.props if "follows" in p and "after" not in p)
    return "".join([moved, *behind, f"<g {JOINED}>", *out, "</g>", *front])


def attached(prop: Prop, body: Body, what: Movement) -> str:
    """Draw a prop that is held, that rolls along with a point of the body, or that stands between its limbs."""
    if prop["kind"] in HELD:
        return HELD[prop["kind"]](prop, body)
    x, y = carried(prop, body, solve(what.frames[0], what.view))
    return f'<g transform="translate({short(x)} {short(-y)})">{FIXED[prop["kind"]](prop, (0, 0)).svg}</g>'


@dataclass
class _Hand:
    """Draws one body."""

    what: Movement
    body: Body
    sheet: Sheet
    person: Person
    paint: dict[str, str]
    gaze: str

    def limb(self, name: str) -> list[Part]:
        side, _, kind = name.partition("_")
        if kind == "arm":
            return self._arm(side)
        if kind:  # thigh and shin apart: a shin that crosses in front of its thigh
            *shin, thigh = self._leg(side)
            return {"leg": [*shin, thigh], "thigh": [thigh], "shin": shin, "foot": shin[1:]}[kind]
        return {"head": self._head, "trunk": self._trunk, "hips": self._hips}[name]()

    def _tone(self, side: str, paint: str) -> str:
        return self.paint[f"{paint}-far" if side == "far" and self.what.view == "side" else paint]

    def _seen(self, bone: str) -> float:
        """Return a bone's length to half a centimetre, so that frames share their parts."""
        return round(self.body.lengths[bone] * 2) / 2

    def _leg(self, side: str) -> list[Part]:
        points, angles, build = self.body.points, self.body.angles, self.person.build
        upper, lower = self._seen(f"{side}.thigh"), self._seen(f"{side}.shank")
        skin, cloth, shoe = (
            self._tone(side, paint) for paint in ("skin", "short", "skin" if self.what.bare else "shoe")
        )
        long = self.person.legs == "leggings"
        thigh = (
            [(cloth, shapes.thigh(upper, build * 1.03))]
            if long
            else [(skin, shapes.thigh(upper, build)), (cloth, shapes.trouser(upper, build))]
        )
        shank = [(skin, shapes.shank(lower, build))] + ([(cloth, shapes.legging(lower, build))] if long else [])
        foot = angles[f"{side}.foot"]
        ankle = points[f"{side}.ankle"]
        if not self.body.lengths[f"{side}.profile"]:
            feet = [(self.sheet.part((shoe, shapes.shoe_facing())), ankle, foot)]
        else:
            feet = [
                (self.sheet.part((shoe, shapes.toe_cap())), points[f"{side}.ball"], angles[f"{side}.toes"]),
                (self.sheet.part((shoe, shapes.shoe())), ankle, foot),
            ]
        return [
            (self.sheet.part(*shank), points[f"{side}.knee"], angles[f"{side}.shank"]),
            *feet,
            (self.sheet.part(*thigh), points[f"{side}.hip"], angles[f"{side}.thigh"]),
        ]

    def _arm(self, side: str) -> list[Part]:
        points, angles, build = self.body.points, self.body.angles, self.person.build
        upper, lower = self._seen(f"{side}.upper"), self._seen(f"{side}.fore")
        skin, top = self._tone(side, "skin"), self._tone(side, "top")
        share = {"none": 0.16, "short": 0.44, "long": 1.0}[self.person.arms]
        arm = [
            (top if share == 1 else skin, shapes.upper_arm(upper, build)),
            (top, shapes.sleeve(upper, build, share)),
        ]
        fore = [(skin, shapes.forearm(lower, build))] + ([(top, shapes.cuff(lower, build))] if share == 1 else [])
        return [
            (self.sheet.part((skin, shapes.hand())), points[f"{side}.wrist"], angles[f"{side}.hand"]),
            (self.sheet.part(*fore), points[f"{side}.elbow"], angles[f"{side}.fore"]),
            (self.sheet.part(*arm), points[f"{side}.shoulder"], angles[f"{side}.upper"]),
        ]

    def _head(self) -> list[Part]:
        gaze = self.gaze or self.what.view
        pieces = [(self.paint[paint], path) for paint, path in head(self.person.hair, {"left": "side"}.get(gaze, gaze))]
        return [
            (self.sheet.part(*pieces, mirrored=gaze == "left"), self.body.points["head"], self.body.angles["head"] - 90)
        ]

    def _trunk(self) -> list[Part]:
        pelvis, build = self.body.angles["pelvis"], self.person.build
        bend = round(fold(self.body.angles["chest"] - pelvis))
        facing, width = self.what.view != "side", self.body.lengths["width"]
        turned = 1.0 if facing else round(self.body.lengths["turned"], 1)
        shirt = shapes.trunk(
            bend,
            build,
            turned=turned,
            width=width,
            belly=round(self.body.lengths["belly"] * 2) / 2,
            lean=round(self.body.lengths["lean"], 2),
        )
        hip = self.body.points["hip"]
        return [(self.sheet.part((self.paint["top"], shirt)), hip, pelvis), *self._hips()]

    def _hips(self) -> list[Part]:
        build, width = self.person.build, self.body.lengths["width"]
        seat = shapes.pelvis_facing(build, width) if self.what.view != "side" else shapes.pelvis(build)
        return [(self.sheet.part((self.paint["short"], seat)), self.body.points["hip"], self.body.angles["pelvis"])]

    def seam(self, limb: str) -> str:
        """Return the cloth over the near shoulder, which hides the outline between sleeve and shirt."""
        side, _, kind = limb.partition("_")
        if kind != "arm" or (side == "far" and self.what.view == "side"):
            return ""
        radius, at = 6.9 * self.person.build + 1.9, self.body.points[f"{side}.shoulder"]
        if self.what.view != "side":
            radius, at = (
                radius - 1,
                mix_points(at, polar(self.body.points["shoulder"], self.body.angles["chest"], -4), 0.3),
            )
        part = self.sheet.part((self.paint["top"], shapes.capsule(0.6, radius, radius - 0.1)))
        return place((part, at, self.body.angles[f"{side}.upper"]))

    def spots(self, limb: str) -> str:
        """Draw the working muscles that lie on this part of the body."""
        found = [
            spot
            for name in self.what.muscles
            for spot in self._muscle(name)
            if _lies_on(spot.bone) == limb.replace("_thigh", "_leg")
        ]
        # The thin rim keeps the spots apart from a shirt of nearly their colour.
        return f'<g stroke="{GAP}" stroke-width=".9">{"".join(map(self._spot, found))}</g>' if found else ""

    def _muscle(self, name: str) -> tuple[Spot, ...]:
        table = SIDE if self.what.view == "side" else FRONT
        name = "abs" if name == "core" else name
        if name in table:
            return table[name]
        if name in FAR and FAR[name] in table:
            return tuple(_other(spot) for spot in table[FAR[name]])
        return table.get(name.removesuffix("_far"), ())

    def _spot(self, spot: Spot) -> str:
        at, angle, length = self._bone(spot.bone)
        sign = -1 if self.what.view == "back" and spot.bone.count(".") else 1
        centre = polar(at, angle, length * spot.along, spot.across * sign)
        part = self.sheet.part((WORK, shapes.spindle(spot.length, spot.width)))
        return place((part, centre, angle + spot.turned * sign))

    def _bone(self, bone: str) -> tuple[Point, float, float]:
        points, angles = self.body.points, self.body.angles
        if bone in {"pelvis", "waist", "chest"}:
            start = {"pelvis": "hip", "waist": "waist", "chest": "ribs"}[bone]
            return points[start], angles[bone], {"pelvis": 50.0, "waist": 18.0, "chest": 17.0}[bone]
        side, _, name = bone.partition(".")
        if name == "hipbone":
            return points[f"{side}.hip"], angles["pelvis"], 50.0
        root = {"thigh": "hip", "shank": "knee", "upper": "shoulder"}[name]
        return points[f"{side}.{root}"], angles[bone], self.body.lengths[bone]


def _lies_on(bone: str) -> str:
    side, dot, name = bone.partition(".")
    if name == "hipbone":
        return "hips"
    if not dot:
        return "trunk"
    return f"{side}_{'arm' if name == 'upper' else 'leg'}"


def _other(spot: Spot) -> Spot:
    return Spot(spot.bone.replace("near", "far"), spot.along, spot.across, spot.length, spot.width, spot.turned)
