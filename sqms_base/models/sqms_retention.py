import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

BATCH = 200
TOLD_BEFORE = 30  # days


class SqmsRetention(models.AbstractModel):
    """The end of the time for which records are kept with the identity of a person.

    A model takes part by naming its fields in `_retention` (`lib.privacy.Retention`), and its personal fields in
    `_privacy_fields`.
    """

    _name = "sqms.retention"
    _description = "End of Retention"

    @api.model
    def _kinds(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if getattr(model, "_retention", None) and not model._abstract
        )

    # -- the date of each record --------------------------------------------------------

    @api.model
    def _set_dates(self, name, ids=None):
        """Give records of one kind the day on which their time is over. One statement for all of them.

        :param ids: only these; all of the model if left out
        """
        model = self.env[name].sudo().with_context(active_test=False)
        retention = model._retention
        model.flush_model()
        due, erased, event = (
            SQL.identifier("t", column) for column in (retention.due, retention.erased, retention.event)
        )
        day = event
        if model._fields[retention.event].type == "datetime":
            day = SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", event, self._time_zone(model))
        rules = self.env["sqms.retention.rule"].sudo()
        rules = rules.browse(rules._rules_of(name))
        ends = []
        for rule in rules:
            # Of one record no table is read through.
            among = Domain.TRUE if ids is None else Domain("id", "in", list(ids))
            fits = model._search(rule._parsed() & self._company_domain(rule, model) & among)
            period = SQL("make_interval(%s => %s)", SQL(f"{rule.period_unit}s"), rule.period_number)
            ends.append(SQL("CASE WHEN t.id IN %s THEN (%s + %s)::date END", fits.subselect(), day, period))
        end = SQL("GREATEST(%s)", SQL(", ").join(ends)) if ends else SQL("NULL::date")
        end = SQL("CASE WHEN %s IS NULL THEN %s END", erased, end)
        some = SQL(" AND t.id = ANY(%s)", list(ids)) if ids is not None else SQL()
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s t SET %(due)s = %(end)s WHERE %(t_due)s IS DISTINCT FROM %(end)s %(some)s",
                table=SQL.identifier(model._table), due=SQL.identifier(retention.due), t_due=due, end=end, some=some,
            )
        )  # fmt: skip
        model.browse(ids or ()).invalidate_recordset([retention.due])
        if ids is None:
            model.invalidate_model([retention.due])

    @api.model
    def _company_domain(self, rule, model):
        if not rule.company_id or "company_id" not in model._fields:
            return Domain.TRUE
        return Domain("company_id", "=", rule.company_id.id)

    def _time_zone(self, model):
        """Where the company is: a day ends there."""
        if "company_id" not in model._fields:
            return SQL("'UTC'")
        return SQL(
            "COALESCE((SELECT k.tz FROM res_company c JOIN resource_calendar k ON k.id = c.resource_calendar_id"
            " WHERE c.id = t.company_id), 'UTC')"
        )

    # -- what is due ----------------------------------------------------------------------

    @api.model
    def _due_domain(self, name, days=0):
        retention = self.env[name]._retention
        day = self.env.company._sqms_today() + timedelta(days=days)
        return Domain(list(retention.domain)) & Domain(retention.due, "<=", day)

    @api.model
    def _due_count(self, name, days=TOLD_BEFORE):
        """How many, in the companies at hand: a figure, also for who may not read the records."""
        model = self.env[name].sudo().with_context(active_test=False)
        domain = self._due_domain(name, days)
        if "company_id" in model._fields:
            domain &= Domain("company_id", "in", [*self.env.companies.ids, False])
        return model.search_count(domain)

    @api.model
    def _action_due(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Identity Erased in the Next %s Days", TOLD_BEFORE),
            "res_model": name,
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._due_domain(name, TOLD_BEFORE)),
            "context": {"active_test": False, "create": False},
        }

    # -- the work ---------------------------------------------------------------------------

    @api.model
    def _cron_retention(self):
        """Each batch is one transaction: whatever stops it, what was done is done and the rest is done next time."""
        cron = self.env["ir.cron"]
        kinds = self._kinds()
        for name in kinds:
            after = 0
            while True:
                try:
                    last, done = self._erase_batch(name, after)
                except psycopg2.errors.SerializationFailure:
                    # A hold was set at this very moment: look again, and see it.
                    self.env.cr.rollback()
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()
                    continue
                if not last:
                    break
                after = last
                if not cron._commit_progress(done):
                    return

    @api.model
    def _erase_batch(self, name, after=0, limit=BATCH):
        """Erase the identity in the next records whose time is over.

        :param after: go on after this id: records that must stay are passed over, not asked for again and again
        :return: the last id looked at (0 when there is none left), and how many were done
        """
        self.env["sqms.legal.hold"].sudo()._pass_gate()
        model = self.env[name].sudo().with_context(active_test=False)
        domain = self._due_domain(name) & Domain("id", ">", after)
        records = model.search(domain, order="id", limit=limit)
        records = records.try_lock_for_update() if records else records
        if not records:
            return 0, 0
        engine = self.env["sqms.privacy"].sudo()
        done, last = 0, max(records.ids)
        for words, some in self._by_words(name, records).items():
            engine._mark_records(some, self._people(some))
            engine._leave_roots({root for root, *_rest in engine._obstacles()})
            left = engine._found_ids().get(name, [])
            if left:
                engine._replace(words == "replace", self.env._("Time of keeping over"))
                done += len(left)
        _logger.info("%s: identity erased in %s records at the end of their time", name, done)
        return last, done

    def _by_words(self, name, records):
        """The records by what becomes of the person's words: whole, unless every rule that fits keeps them."""
        rules = self.env["sqms.retention.rule"].sudo()
        keeping = [rule for rule in rules.browse(rules._rules_of(name)) if rule.words == "clean"]
        kept = records.filtered_domain(Domain.OR(rule._parsed() for rule in keeping)) if keeping else records.browse()
        return {words: some for words, some in (("clean", kept), ("replace", records - kept)) if some}

    def _people(self, records):
        """`{record id: Person}`: whom each record is about, from its own personal fields and their contacts."""
        engine = self.env["sqms.privacy"].sudo()
        declared = engine._catalog().get(records._name, {})
        prepare = self.env["sqms.erasure"].sudo()
        people = {}
        for record in records:
            partners = self.env["res.partner"].sudo()
            said = {"name": [], "email": [], "phone": []}
            for field, treatment in declared.items():
                if (
                    treatment in ("who", "named")
                    and record._fields[field].comodel_name == "res.partner"
                    or treatment == "unlink"
                    and record._fields[field].comodel_name == "res.partner"
                ):
                    partners |= record[field]
                elif treatment in said and record[field]:
                    said[treatment].append(record[field])
            people[record.id] = prepare._person_of(partners, said)
        return people
