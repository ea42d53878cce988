"""No line in the log tells who was on the pages where people speak freely.

Odoo's access log keeps method, path and answer of a visit to these pages, without address and without query;
the names of anonymous people would otherwise stand in it. A web server in front has a log of its own, which the
guide says how to set.
"""

import logging
import re

_PATHS = set()


def keep_no_trace(path):
    """Name a page, and what lies below it, as one whose visitors are not logged.

    :param path: as it stands in the route: "/complaint"
    """
    _PATHS.add(path)
    paths = "|".join(map(re.escape, sorted(_PATHS)))
    NoTrace.pattern = re.compile(rf"[A-Z]+ (?:/[^/\s]+)?(?:{paths})(?=[/?#\s]|$)[\w/-]*")


class NoTrace(logging.Filter):
    """Keep `POST /complaint 200`, drop the rest. Never drops a line, never fails."""

    pattern = re.compile(r"(?!)")

    def filter(self, record):
        try:
            message = record.getMessage()
        except Exception:
            return True
        visit = self.pattern.search(message)
        if visit:
            status = re.search(r'"?\s(\d{3})\s', message[visit.end() :])
            record.msg = f"- - - {visit.group(0)} {status.group(1) if status else '-'}"
            record.args = ()
        return True


logging.getLogger("werkzeug").addFilter(NoTrace())
