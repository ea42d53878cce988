from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import create_column, table_columns

from ..lib import likeness

# By what complaints are recognised: filled in by the system, plain tickets have none.
KEYS = {
    "complaint_email_key": "varchar",
    "complaint_phone_key": "varchar",
    "complaint_reference_key": "varchar",
    "complaint_product_key": "varchar",
}
# In the order in which a reference is looked for.
NAMES_REFERENCE = ("complaint_order_ref", "complaint_service", "name")
EACH = 20  # so many by each of the ways they may be the same
LATEST = 2000  # words alone are compared with so many of the latest
SHOWN = 5
TYPED = (
    "partner_id", "partner_email", "complaint_phone", "complaint_is_anonymous", "complaint_order_ref", "name",
    "complaint_service", "complaint_received_at", "company_id", "team_id",
)  # fmt: skip


class HelpdeskTicketDuplicate(models.Model):
    """Complaints that may be one and the same case.

    1. Alike are complaints of one company, received within so many days of each other (30, a setting), from the same
       person (contact, email address, telephone) or firm, about the same order, or in similar words.
    2. Each is told with its reasons; their points add up to at most a hundred: the same person 40 (another person of
       the same firm 30), the same order 35, the words up to 25. Words alone count when they are very much alike, and
       among the latest 2,000 complaints only.
    3. An anonymous complaint is never compared by who complains.
    4. Nobody is shown a complaint that he may not read.
    5. Two complaints that somebody has looked at and told apart are not suggested again.
    """

    _inherit = "helpdesk.ticket"

    complaint_email_key = fields.Char(
        compute="_compute_complaint_person_keys", store=True, precompute=True, groups="base.group_user",
        export_string_translation=False,
    )  # fmt: skip
    complaint_phone_key = fields.Char(
        compute="_compute_complaint_person_keys", store=True, precompute=True, groups="base.group_user",
        export_string_translation=False,
    )  # fmt: skip
    complaint_reference_key = fields.Char(
        compute="_compute_complaint_subject_keys", store=True, precompute=True, groups="base.group_user",
        export_string_translation=False,
    )  # fmt: skip
    complaint_product_key = fields.Char(
        compute="_compute_complaint_subject_keys", store=True, precompute=True, groups="base.group_user",
        export_string_translation=False,
    )  # fmt: skip

    _complaint_email_idx = models.Index(
        "(complaint_email_key, complaint_received_at DESC) WHERE complaint_email_key IS NOT NULL"
    )
    _complaint_phone_idx = models.Index(
        "(complaint_phone_key, complaint_received_at DESC) WHERE complaint_phone_key IS NOT NULL"
    )
    _complaint_reference_idx = models.Index(
        "(complaint_reference_key, complaint_received_at DESC) WHERE complaint_reference_key IS NOT NULL"
    )

    def _auto_init(self):
        """Columns that come anew are empty for all plain tickets: only complaints are counted."""
        there = table_columns(self.env.cr, self._table)
        missing = [name for name in KEYS if there and name not in there]
        for name in missing:
            create_column(self.env.cr, self._table, name, KEYS[name])
        result = super()._auto_init()
        if missing and "is_complaint" in there:
            complaints = self.sudo().with_context(active_test=False).search([("is_complaint", "=", True)])
            for name in missing:
                self.env.add_to_compute(self._fields[name], complaints)
        return result

    @api.depends("is_complaint", "complaint_is_anonymous", "partner_email", "complaint_phone")
    def _compute_complaint_person_keys(self):
        for ticket in self:
            is_known = ticket.is_complaint and not ticket.complaint_is_anonymous
            ticket.complaint_email_key = is_known and _email(ticket.partner_email)
            ticket.complaint_phone_key = is_known and likeness.phone(ticket.complaint_phone)

    @api.depends(lambda self: ("is_complaint", *(name for name in NAMES_REFERENCE if name in self._fields)))
    def _compute_complaint_subject_keys(self):
        names = [name for name in NAMES_REFERENCE if name in self._fields]
        for ticket in self:
            ticket.complaint_reference_key = ticket.is_complaint and likeness.reference(*(ticket[n] for n in names))
            ticket.complaint_product_key = ticket.is_complaint and likeness.product(ticket.complaint_service)

    # -- asked by people -----------------------------------------------------------

    @api.readonly
    @api.model
    def duplicate_candidates(self, values):
        """What a complaint that is being typed, or looked at, may be a duplicate of; for colleagues alone.

        :param values: `{"id": of a saved complaint}`, or what was typed so far
        :return: see `_duplicate_candidates`
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Complaints are compared by colleagues only."))
        values = values if isinstance(values, dict) else {}
        known = self.browse(_id(values.get("id"))).exists()
        if known:
            known.check_access("read")
            return known._duplicate_candidates()
        return self._duplicate_candidates({name: values[name] for name in TYPED if name in values})

    def _duplicate_candidates(self, values=None):
        """The complaints that this one may be a duplicate of, the likeliest first.

        :param values: what was typed so far, for a complaint that is not saved yet
        :return: `[{"id", "number", "name", "state", "state_label", "customer", "received_at", "score", "mergeable",
            "reasons": [{"kind", "text", "points"}]}]`, as far as the person may read them; at most five
        """
        asked = self._duplicate_asked(values)
        if not asked["company_id"] or not self.has_access("read"):
            return []
        query = self._duplicate_query(asked)
        ids = [id_ for (id_,) in self.env.execute_query(query)] if query else []
        apart = self.env["sqms.complaint.distinct"]._apart_from(self._origin) if ids and self._origin else ()
        found = []
        for other in self.with_context(active_test=False).browse([id_ for id_ in ids if id_ not in apart]):
            points, reasons = self._duplicate_score(asked, other.sudo())
            if points:
                found.append((points, other, reasons))
        found.sort(key=lambda row: (row[0], row[1].sudo().complaint_received_at, row[1].id), reverse=True)
        return [other._duplicate_shown(points, reasons, self._origin) for points, other, reasons in found[:SHOWN]]

    def action_tell_apart(self, other_id):
        """Somebody has looked: these two are not the same."""
        self.ensure_one()
        other = self.with_context(active_test=False).browse(_id(other_id)).exists()
        (self | other).check_access("read")
        self.check_access("write")
        self.env["sqms.complaint.distinct"]._tell_apart(self, other)

    # -- what is asked -------------------------------------------------------------

    def _duplicate_asked(self, values):
        """What two complaints are compared by, of a saved complaint or of what was typed."""
        if values is None:
            self.ensure_one()
            ticket = self.sudo()
            return {
                "id": ticket._origin.id or 0,
                "company_id": ticket.company_id.id,
                "received_at": ticket.complaint_received_at or fields.Datetime.now(),
                "partner_id": ticket.partner_id.id if not ticket.complaint_is_anonymous else False,
                "firm_id": ticket.commercial_partner_id.id if not ticket.complaint_is_anonymous else False,
                "email": ticket.complaint_email_key,
                "phone": ticket.complaint_phone_key,
                "reference": ticket.complaint_reference_key,
                "words": f"{ticket.name or ''} {ticket.complaint_service or ''}",
            }
        is_known = not values.get("complaint_is_anonymous")
        partner = self.env["res.partner"].sudo().browse(_id(values.get("partner_id")) if is_known else []).exists()
        team = self.env["helpdesk.ticket.team"].browse(_id(values.get("team_id"))).sudo().exists()
        company = team.company_id.id or _id(values.get("company_id")) or self.env.company.id
        return {
            "id": self._origin.id or 0,
            "company_id": company if company in self.env.companies._ids else False,
            "received_at": _moment(values.get("complaint_received_at")) or fields.Datetime.now(),
            "partner_id": partner.id,
            "firm_id": partner.commercial_partner_id.id,
            "email": is_known and _email(_text(values.get("partner_email")) or partner.email),
            "phone": is_known and likeness.phone(_text(values.get("complaint_phone")) or partner.phone),
            "reference": likeness.reference(*(_text(values.get(name)) for name in NAMES_REFERENCE)),
            "words": f"{_text(values.get('name'))} {_text(values.get('complaint_service'))}",
        }

    def _duplicate_domain(self, asked):
        window = timedelta(
            days=max(self.env["res.company"].sudo().browse(asked["company_id"]).complaint_duplicate_days, 0)
        )
        return (
            Domain("is_complaint", "=", True)
            & Domain("company_id", "=", asked["company_id"])
            & Domain("complaint_state", "!=", "merged")
            & Domain("id", "!=", asked["id"])
            & Domain("complaint_received_at", ">=", asked["received_at"] - window)
            & Domain("complaint_received_at", "<=", asked["received_at"] + window)
        )

    def _duplicate_query(self, asked):
        """The ids of all that may be the same: one question, each branch of it read from an index of its own.

        Words alone are a weak hint: they are compared within a bounded number of the latest complaints, so that what
        is typed is answered at once, however many complaints there are.
        """
        tickets = self.with_context(active_test=False)
        domain = self._duplicate_domain(asked)
        branches = [
            tickets._search(domain & same, order="complaint_received_at DESC, id DESC", limit=EACH)
            for value, same in (
                # The anonymous keep no keys; they may have a contact from before they asked for it.
                (asked["firm_id"], Domain("commercial_partner_id", "=", asked["firm_id"])
                 & Domain("complaint_is_anonymous", "!=", True)),
                (asked["email"], Domain("complaint_email_key", "=", asked["email"])),
                (asked["phone"], Domain("complaint_phone_key", "=", asked["phone"])),
                (asked["reference"], Domain("complaint_reference_key", "=", asked["reference"])),
            )
            if value
        ]  # fmt: skip
        parts = [SQL("(%s)", branch.select(SQL.identifier(branch.table, "id"))) for branch in branches]
        seeds = likeness.seeds(asked["words"])
        if seeds:
            latest = tickets._search(domain, order="complaint_received_at DESC, id DESC", limit=LATEST)
            parts.append(SQL("(%s)", self._duplicate_words_query(latest, seeds, asked["words"])))
        return SQL(" UNION ").join(parts) if parts else None

    def _duplicate_words_query(self, latest, seeds, words):
        """Those of the latest with the most seeds in them; where `pg_trgm` is there it forgives slips of the pen."""
        alike = SQL("strpos(w.words, g) > 0")
        similarity = SQL("similarity(w.words, %s)", words.lower()) if self.env.registry.has_trigram else SQL("0")
        return SQL(
            """
            SELECT id
              FROM (
                   SELECT w.id,
                          w.words,
                          (SELECT COUNT(*) FROM unnest(%(seeds)s) AS g WHERE %(alike)s)::float / %(number)s AS shared,
                          %(similarity)s AS similar_words
                     FROM (%(latest)s) AS w (id, words)
                   ) AS scored
             WHERE shared >= 0.4 OR similar_words >= 0.4
          ORDER BY GREATEST(shared, similar_words) DESC, id DESC
             LIMIT %(each)s
            """,
            seeds=seeds,
            alike=alike,
            number=len(seeds),
            similarity=similarity,
            latest=latest.select(
                SQL.identifier(latest.table, "id"),
                SQL(
                    "lower(concat_ws(' ', %s, %s))",
                    self._field_to_sql(latest.table, "name", latest),
                    self._field_to_sql(latest.table, "complaint_service", latest),
                ),
            ),
            each=EACH,
        )

    # -- how it is judged ----------------------------------------------------------

    def _duplicate_score(self, asked, other):
        """(points, [{kind, text, points}]) of another complaint, which the person may read."""
        same, texts = set(), {}
        if not other.complaint_is_anonymous:
            if asked["partner_id"] and other.partner_id.id == asked["partner_id"]:
                same.add("person")
                texts["person"] = self.env._("same customer")
            elif asked["email"] and other.complaint_email_key == asked["email"]:
                same.add("person")
                texts["person"] = self.env._("same email address")
            elif asked["phone"] and other.complaint_phone_key == asked["phone"]:
                same.add("person")
                texts["person"] = self.env._("same telephone")
            elif asked["firm_id"] and other.commercial_partner_id.id == asked["firm_id"]:
                same.add("company")
                texts["company"] = self.env._("same firm")
        if asked["reference"] and other.complaint_reference_key == asked["reference"]:
            same.add("reference")
            texts["reference"] = self.env._("same order")
        words = likeness.likeness(
            likeness.pieces(asked["words"]), likeness.pieces(f"{other.name or ''} {other.complaint_service or ''}")
        )
        texts["words"] = self.env._("%(number)s %% same words", number=round(words * 100))
        total, points = likeness.score(same, words)
        return total, [{"kind": kind, "text": texts[kind], "points": number} for kind, number in points.items()]

    def _duplicate_shown(self, points, reasons, ticket):
        return {
            "id": self.id,
            "number": self.number,
            "name": self.name,
            "state": self.complaint_state,
            "state_label": self._workflow_state_label(),
            "customer": self.complaint_customer,
            "received_at": fields.Datetime.to_string(self.complaint_received_at),
            "score": points,
            "reasons": reasons,
        }


def _id(value):
    """The id that a client has sent, whatever it sent: nothing, a number, `[id, name]` or `{"id"}`."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, (list, tuple)):
        value = value[0] if value else False
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else False


def _text(value):
    return value[:1000].replace("\x00", "") if isinstance(value, str) else ""


def _moment(value):
    try:
        return fields.Datetime.to_datetime(value)
    except (ValueError, TypeError):
        return None


def _email(address):
    return tools.email_normalize(address or "", strict=False) or False
