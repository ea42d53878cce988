"""What a trace tells: which records are on the main line, and how the days went by.

Plain functions over the nodes and edges that `trace()` returns.
"""

from collections import defaultdict, deque
from datetime import date


def main_line(nodes, edges):
    """Ids of the records that the story of the root runs through; the rest are side branches.

    1. On the line are the root, what led to it and what it led to.
    2. Where several of one rank were led to, those that lead nowhere step aside for those that go on; the
       same holds backwards for what led here.

    >>> nodes = [{"id": i, "rank": r, "root": i == "a"} for i, r in (("a", 10), ("b", 10), ("n", 20), ("x", 40))]
    >>> sorted(main_line(nodes, [("a", "n"), ("b", "n"), ("n", "x")]))
    ['a', 'n', 'x']
    """
    following, leading = neighbours(edges)
    root = next((node["id"] for node in nodes if node["root"]), None)
    after, before = _reached(root, following), _reached(root, leading)
    rank = {node["id"]: node["rank"] for node in nodes}
    line = {root} if root in rank else set()
    for reached, onward in ((after, following), (before - after, leading)):
        by_rank = defaultdict(list)
        for id_ in reached:
            if id_ in rank:
                by_rank[rank[id_]].append(id_)
        for ids in by_rank.values():
            line.update(_going_on(ids, rank, onward) or ids)
    return line


def _going_on(ids, rank, onward):
    """Those of one rank that lead on to another, by themselves or through others of their rank."""
    same = defaultdict(list)
    found = set()
    for id_ in ids:
        for other in onward.get(id_, ()):
            if rank.get(other) == rank[id_]:
                same[other].append(id_)
            else:
                found.add(id_)
    waiting = deque(found)
    while waiting:
        for earlier in same[waiting.popleft()]:
            if earlier not in found:
                found.add(earlier)
                waiting.append(earlier)
    return found


def neighbours(edges):
    """`({source: [targets]}, {target: [sources]})`."""
    following, leading = defaultdict(list), defaultdict(list)
    for source, target in edges:
        following[source].append(target)
        leading[target].append(source)
    return following, leading


def _reached(start, onward):
    seen, waiting = set(), deque([start])
    while waiting:
        for other in onward.get(waiting.popleft(), ()):
            if other not in seen and other != start:
                seen.add(other)
                waiting.append(other)
    return seen


def milestones(nodes, line, gates=(), today=date.max):
    """`[(day, node)]` in the order of the story: one dated record for each rank of the main line.

    1. Before the root the first of a rank counts (that is when it began), after it the last (that is when it
       was done), the root itself for its own rank.
    2. A day that lies before the one already reached is left out: it went on beside the story. So is a day
       to come.
    3. What an open gate waits for is not done, nor is what comes after it.

    >>> def node(id_, rank, day):
    ...     return {"id": id_, "rank": rank, "date": day, "root": rank == 10}
    >>> story = [node("a", 10, "2026-02-12"), node("n", 20, "2026-02-20"), node("b", 40, "2026-02-13")]
    >>> [reached["id"] for _day, reached in milestones(story, {"a", "n", "b"})]
    ['a', 'n']
    """
    root = next((node for node in nodes if node["root"]), None)
    end = waited_for(nodes, gates)
    by_rank = defaultdict(list)
    for node in nodes:
        if node["id"] in line and node["date"] and (node["root"] or not end or node["rank"] < end["rank"]):
            by_rank[node["rank"]].append(node)
    found, reached = [], date.min
    for rank in sorted(by_rank):
        if root and rank == root["rank"] and root["date"]:
            node = root
        else:
            pick = min if root and rank < root["rank"] else max
            node = pick(by_rank[rank], key=lambda one: (one["date"], one["id"]))
        day = date.fromisoformat(node["date"])
        if reached <= day <= today:
            found.append((day, node))
            reached = day
    return found


def waited_for(nodes, gates):
    """The first record in the order of the story whose gate is open, or None."""
    sources = {gate["source"] for gate in gates if gate["open"]}
    return min(
        (node for node in nodes if node["id"] in sources), key=lambda node: (node["rank"], node["id"]), default=None
    )


def spans(nodes, line, gates, today):
    """The days between the milestones; the last span runs on while a gate of the story is open.

    :return: list of `{"node", "begin", "end", "days", "open"}`; `node` is what the days led to, or what an
        open gate waits for

    >>> def node(id_, rank, day):
    ...     return {"id": id_, "rank": rank, "date": day, "root": rank == 10}
    >>> story = [node("a", 10, "2026-02-12"), node("n", 20, "2026-02-20"), node("t", 60, False)]
    >>> gates = [{"source": "t", "open": True}]
    >>> [(s["node"]["id"], s["days"], s["open"]) for s in spans(story, {"a", "n", "t"}, gates, date(2026, 3, 1))]
    [('n', 8, False), ('t', 9, True)]
    """
    known = milestones(nodes, line, gates, today)
    result = [
        {"node": node, "begin": since, "end": until, "days": (until - since).days, "open": False}
        for (since, _begun), (until, node) in zip(known, known[1:], strict=False)
    ]
    waited = waited_for(nodes, gates)
    if waited and known:
        since = known[-1][0]
        result.append({"node": waited, "begin": since, "end": today, "days": (today - since).days, "open": True})
    return result


def lane_days(known, lane):
    """`(days, node)` that it took to the last milestone of a lane, or None.

    The days are counted from the last milestone of the lane before, or else from the first of its own.

    >>> a, c = ({"id": i, "lane": "happened"} for i in "ac")
    >>> days, node = lane_days([(date(2026, 2, 12), a), (date(2026, 3, 6), c)], "happened")
    >>> days, node["id"]
    (22, 'c')
    """
    places = [place for place, (_day, node) in enumerate(known) if node["lane"] == lane]
    if not places:
        return None
    begun = max(places[0] - 1, 0)
    day, node = known[places[-1]]
    return ((day - known[begun][0]).days, node) if places[-1] > begun else None
