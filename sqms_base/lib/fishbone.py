"""Where everything of a fishbone (Ishikawa) diagram stands, in pixels."""

RIB = 132  # width of the words at a rib
SLANT = 34  # so far a bone leans
GAP_X = 12
GAP_Y = 8
BONE = 38  # height of a bone's name, two lines of it
HEAD = 150  # the problem, at the right
TAIL = 16


def layout(bones, head):
    """Lay the bones along the spine: the first half above it, the other below, the problem at the right.

    1. No two texts overlap, every cause has one, and every cause stands on its own bone.
    2. A bone without causes is drawn as well: it was looked at, and nothing was found.

    :param bones: `[(name, [{"id", "h"}, ...]), ...]`, `h` the height that the words of a cause need
    :param head: the height that the words of the problem need
    :return: `{"width", "height", "spine", "head", "bones", "ribs"}`. Spine: "x1", "x2", "y". Bones: "name", "x1",
        "y1", "x2", "y2" (the line, from its name to the spine) and the box of the name, "x", "y", "w", "h". Ribs:
        "id", "bone", the box of the words "x", "y", "w", "h", and "x1", "x2", "line" of the rib itself.

    >>> picture = layout([("People", [{"id": 1, "h": 30}]), ("Method", [])], 60)
    >>> [(rib["id"], rib["x"] < rib["x2"], rib["y"] + rib["h"] <= picture["spine"]["y"]) for rib in picture["ribs"]]
    [(1, True, True)]
    >>> [bone["y1"] < picture["spine"]["y"] for bone in picture["bones"]]
    [True, False]
    """
    upper = (len(bones) + 1) // 2
    step = RIB + SLANT + GAP_X
    tall = [_tall(bones[:upper]), _tall(bones[upper:])]
    room = [max(tall[0], head / 2), max(tall[1], head / 2)]
    spine = room[0]
    right = TAIL + max(upper, len(bones) - upper, 1) * step + GAP_X
    found = {"bones": [], "ribs": []}
    for number, (name, causes) in enumerate(bones):
        is_upper = number < upper
        # Below the spine the bones meet it between those above.
        column = number if is_upper else number - upper
        x2 = TAIL + (column + 1) * step
        y1 = spine - tall[0] + BONE if is_upper else spine + tall[1] - BONE
        bone = {"name": name, "x1": x2 - SLANT, "y1": y1, "x2": x2, "y2": spine}
        box_y = y1 - BONE if is_upper else y1
        found["bones"].append({**bone, "x": x2 - SLANT - RIB, "y": box_y, "w": RIB, "h": BONE})
        found["ribs"] += _ribs(bone, causes, is_upper)
    return {
        "width": right + HEAD,
        "height": room[0] + room[1],
        "spine": {"x1": 0, "x2": right, "y": spine},
        "head": {"x": right, "y": spine - head / 2, "w": HEAD, "h": head},
        **found,
    }


def _tall(bones):
    """The height that the tallest of these bones needs, its name included."""
    longest = max((sum(cause["h"] + GAP_Y for cause in causes) for _name, causes in bones), default=0)
    return BONE + GAP_Y + max(longest, 46) + GAP_Y


def _ribs(bone, causes, is_upper):
    """Words and line of each cause, from the name of the bone towards the spine."""
    at = bone["y1"] + GAP_Y if is_upper else bone["y1"] - GAP_Y
    for cause in causes:
        top = at if is_upper else at - cause["h"]
        line = top + cause["h"]
        meets = _x_at(bone, line)
        # The words keep clear of the bone, which leans.
        left = min(meets, _x_at(bone, top)) - RIB
        yield {
            "id": cause["id"],
            "bone": bone["name"],
            "x": left,
            "y": top,
            "w": RIB - 6,
            "h": cause["h"],
            "x1": left,
            "x2": meets,
            "line": line,
        }
        at = at + cause["h"] + GAP_Y if is_upper else top - GAP_Y


def _x_at(bone, y):
    share = (y - bone["y1"]) / (bone["y2"] - bone["y1"])
    return bone["x1"] + share * (bone["x2"] - bone["x1"])
