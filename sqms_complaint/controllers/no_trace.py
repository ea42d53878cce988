"""No line in the log tells who was on the complaint pages.

Odoo's access log keeps method, path and answer of a visit to these pages, without address and without query;
the names of anonymous people would otherwise stand in it. A web server in front has a log of its own, which the
guide says how to set.
"""

import logging
import re

_VISIT = re.compile(r"[A-Z]+ (?:/[^/\s]+)?/complaint(?=[/?#\s]|$)[\w/-]*")


class NoTrace(logging.Filter):
    """Keep `POST /complaint 200`, drop the rest. Never drops a line, never fails."""

    def filter(self, record):
        try:
            message = record.getMessage()
        except Exception:
            return True
        visit = _VISIT.search(message)
        if visit:
            status = re.search(r'"?\s(\d{3})\s', message[visit.end() :])
            record.msg = f"- - - {visit.group(0)} {status.group(1) if status else '-'}"
            record.args = ()
        return True


logging.getLogger("werkzeug").addFilter(NoTrace())
