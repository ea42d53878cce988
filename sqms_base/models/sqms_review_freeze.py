import json
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models

from ..lib import manifest
from ..lib.local_time import local_day, local_midnight
from ..lib.workflow_pass import workflow_fields

# The reviews whose inputs are being frozen just now. Python only: no client sets it.
_freezing = ContextVar("sqms_review_freezing", default=frozenset())


class Period(NamedTuple):
    """What a section is asked about: days of the company, and the same as instants (naive UTC, ends excluded)."""

    company: object
    review: object
    date_from: object
    date_to: object
    before_from: object
    before_to: object
    start: object
    end: object
    before_start: object
    now: object
    today: object


@contextmanager
def freezing(reviews):
    token = _freezing.set(frozenset(reviews.ids))
    try:
        yield
    finally:
        _freezing.reset(token)


def is_freezing(review_ids):
    return _freezing.get().issuperset(review_ids)


class SqmsReviewFreeze(models.Model):
    """The inputs of a review, frozen.

    1. All sections are read at one instant, in every language of the house: what was shown in a language stays as it
       was shown, whatever becomes of a translation or an addon. The figures are the same in each.
    2. Each section has the SHA-256 of its canonical JSON, the review that of its sections, period and instant.
    3. Frozen again, the sections are new rows; the earlier ones stay, their digest stands in the ledger.
    """

    _inherit = "sqms.review"

    def _freeze(self):
        for review in self:
            review._freeze_one()

    def _freeze_one(self, instant=None):
        now = instant or fields.Datetime.now()
        before = {"freeze_number": self.freeze_number, "as_of": str(self.as_of or ""), "digest": self.digest or ""}
        last = self._last_held()
        with workflow_fields(self, "previous_id"):
            self.sudo().previous_id = last
        found = self._collect(now)
        comments = {row.key: row.comment for row in self.sudo().input_ids}
        number = self.freeze_number + 1
        inputs = self.env["sqms.review.input"].sudo()
        with freezing(self):
            inputs.search([("review_id", "=", self.id), ("is_current", "=", True)]).write({"is_current": False})
            rows = inputs.create(
                [
                    {
                        "review_id": self.id, "freeze_number": number, "key": key, "sequence": section["sequence"],
                        "clause": section["clause"], "data": section["data"], "comment": comments.get(key),
                        "digest": self._digest_of_section(key, section["clause"], section["data"]),
                    }
                    for key, section in found.items()
                ]
            )  # fmt: skip
        digest = self._digest_of_rows(rows, now)
        with workflow_fields(self, "freeze_number", "as_of", "digest", "preparer_ids"):
            self.sudo().write(
                {
                    "freeze_number": number, "as_of": now, "digest": digest,
                    "preparer_ids": [fields.Command.link(self.env.uid)],
                }
            )  # fmt: skip
        self._ledger_log(
            "frozen", old=before if before["freeze_number"] else None,
            new={"freeze_number": number, "as_of": str(now), "digest": digest},
        )  # fmt: skip
        self.invalidate_recordset(["input_ids"])

    def _last_held(self):
        """The review before this one, as far as it was held."""
        return self.sudo().search(
            [("company_id", "=", self.company_id.id), ("held_at", "!=", False), ("id", "!=", self.id)],
            order="held_at desc, id desc", limit=1,
        )  # fmt: skip

    def _collect(self, now):
        """`{key: {"sequence", "clause", "data": {language: content}}}` of all sections, read now."""
        found = defaultdict(lambda: {"data": {}})
        for lang, _name in self.env["res.lang"].sudo().get_installed():
            reader = self.with_context(lang=lang, tz=self.company_id._sqms_tz()).with_company(self.company_id)
            period = reader._review_period(now)
            for section in reader._review_inputs():
                content = section["prepare"](period) or {}
                found[section["key"]] |= {"sequence": section["sequence"], "clause": section["clause"]}
                # As it comes back from the database, so that the digest is that of what is kept.
                found[section["key"]]["data"][lang] = json.loads(
                    json.dumps({**reader._review_content(), **content, "title": section["title"]}, allow_nan=False)
                )
        return dict(sorted(found.items(), key=lambda pair: pair[1]["sequence"]))

    def _review_period(self, now):
        self.ensure_one()
        company = self.company_id
        length = (self.date_to - self.date_from).days + 1
        before_from = self.date_from - timedelta(days=length)
        zone = company._sqms_tz()
        start, end, before = (
            local_midnight(day, zone) for day in (self.date_from, self.date_to + timedelta(days=1), before_from)
        )
        return Period(
            company, self, self.date_from, self.date_to, before_from, self.date_from - timedelta(days=1), start, end,
            before, now, local_day(now, zone),
        )  # fmt: skip

    # -- whether it is still what was frozen -------------------------------------------

    @staticmethod
    def _digest_of_section(key, clause, data):
        return manifest.digest(manifest.canonical({"key": key, "clause": clause, "data": data}))

    def _digest_of_rows(self, rows, as_of):
        return manifest.digest(
            manifest.canonical(
                {
                    "company": self.company_id.id,
                    "period": [str(self.date_from), str(self.date_to)],
                    "as_of": fields.Datetime.to_string(as_of),
                    "sections": {row.key: row.digest for row in rows},
                }
            )
        )

    def _is_intact(self):
        """Whether the rows in the database still are what was frozen, computed anew from what they hold."""
        self.ensure_one()
        if not self.freeze_number:
            return False
        self.env["sqms.review.input"].flush_model()
        self.sudo().input_ids.invalidate_recordset(["data", "digest", "key", "clause"])
        rows = (
            self.env["sqms.review.input"]
            .sudo()
            .search([("review_id", "=", self.id), ("freeze_number", "=", self.freeze_number)])
        )
        return (
            all(row.digest == self._digest_of_section(row.key, row.clause, row.data) for row in rows)
            and self._digest_of_rows(rows, self.as_of) == self.digest
        )
