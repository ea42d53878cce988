from collections import defaultdict

from odoo import models
from odoo.tools.misc import format_datetime

from ..lib.local_time import local_day
from .sqms_clock_derive import moment


class SqmsClockEscalationPeople(models.Model):
    """Whom a rung tells, and in what words.

    1. The handler is the responsible person of the clock; the leader the one above: the manager of the employee, or of
       the department, or of the department above; the managers are the quality managers of the company.
    2. Where nobody is found the rung above is told: no notice goes nowhere as long as somebody is there.
    3. Only people who may log in and work in the company of the clock are told.
    4. A kind of record may name others (`_clock_recipients`).
    """

    _inherit = "sqms.clock"

    def _people_to_tell(self, told):
        """`{(clock id, rung id): users}`; a handful of queries, whatever the number of clocks."""
        if not told:
            return {}
        clocks = self.sudo().browse([clock_id for clock_id, *_rest in told])
        rungs = self.env["sqms.clock.rung"].sudo().browse({rung_id for _clock, rung_id, *_rest in told})
        tells = {rung.id: rung.tell for rung in rungs}
        own = {tell: clocks._named_by_records(tell) for tell in set(tells.values())}
        ladder = clocks._ladders()
        found = {}
        for clock_id, rung_id, *_rest in told:
            clock = self.sudo().browse(clock_id)
            named = own[tells[rung_id]].get(clock_id)
            found[clock_id, rung_id] = clock._who_may_be_told(named) or clock._first_found(ladder, tells[rung_id])
        return found

    def _named_by_records(self, tell):
        """`{clock id: users}` that the records themselves name."""
        named = {}
        for model, clocks in self.grouped("res_model").items():
            if model not in self.env or not hasattr(self.env[model], "_clock_recipients"):
                continue
            records = self.env[model].sudo().browse(set(clocks.mapped("res_id"))).exists()
            people = records._clock_recipients(tell)
            named.update({clock.id: people[clock.res_id] for clock in clocks if people.get(clock.res_id)})
        return named

    def _ladders(self):
        """(leaders, managers) as `{(user, company): user}` and `{company: users}`."""
        employees = self.env["hr.employee"].sudo().search(
            [("user_id", "in", self.user_id.ids), ("company_id", "in", self.company_id.ids)]
        )  # fmt: skip
        leaders = {}
        for employee in employees:
            department = employee.department_id
            above = (employee.parent_id, department.manager_id, department.parent_id.manager_id)
            people = [one.user_id for one in above if one.user_id and one.user_id != employee.user_id]
            leaders[employee.user_id, employee.company_id] = people
        group = self.env.ref("sqms_base.group_sqms_manager").sudo()
        managers = defaultdict(self.env["res.users"].sudo().browse)
        for user in group.all_user_ids:
            for company in user.company_ids & self.company_id:
                managers[company] |= user
        return leaders, managers

    def _first_found(self, ladder, tell):
        """The people of this rung, or of the next one above where somebody is."""
        leaders, managers = ladder
        rungs = {
            "handler": [self.user_id],
            "leader": leaders.get((self.user_id, self.company_id), []),
            "manager": [managers[self.company_id]],
        }
        for name in list(rungs)[list(rungs).index(tell) :]:
            for people in rungs[name]:
                if able := self._who_may_be_told(people):
                    return able
        return self.env["res.users"]

    def _who_may_be_told(self, people):
        if not people:
            return self.env["res.users"]
        return people.filtered(lambda user: user.active and not user.share and self.company_id in user.company_ids)

    # -- how it is said -------------------------------------------------------------------

    def _create_activities(self, told, people):
        """`{(clock id, rung id): [activity id]}`, in bulk and without mail."""
        kind = self.env.ref("sqms_base.mail_activity_type_deadline", raise_if_not_found=False)
        if not kind:
            return {}
        rungs = self.env["sqms.clock.rung"].sudo()
        keys, values = [], []
        for clock_id, rung_id, instant, due, _epoch in told:
            clock = self.sudo().browse(clock_id)
            if rungs.browse(rung_id).by == "mail" or not self._has_activities(clock.res_model):
                continue
            for user in people.get((clock_id, rung_id), ()):
                keys.append((clock_id, rung_id))
                values.append({
                    "res_model_id": self.env["ir.model"]._get_id(clock.res_model), "res_id": clock.res_id,
                    "activity_type_id": kind.id, "user_id": user.id, "automated": True,
                    "summary": clock._words(user.lang, user.tz, instant, due),
                    "date_deadline": local_day(moment(due), clock.tz or "UTC"),
                })  # fmt: skip
        Activity = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        found = defaultdict(list)
        for key, activity in zip(keys, Activity.create(values), strict=True):
            found[key].append(activity.id)
        return found

    def _words(self, lang, zone, instant, due):
        """One line in a language, with the moment in a zone."""
        clock = self.with_context(lang=lang or self.env.lang)
        when = format_datetime(clock.env, moment(due), tz=zone or self.tz or "UTC", dt_format="short")
        if instant >= due:
            return clock.env._("%(step)s: was due %(moment)s", step=clock.step_id.name, moment=when)
        return clock.env._("%(step)s: due %(moment)s", step=clock.step_id.name, moment=when)

    def _log_told(self, told, people):
        """A note on each record that has a chatter, in the language of its company: who was told of what."""
        lines = defaultdict(lambda: defaultdict(list))
        for clock_id, rung_id, instant, due, _epoch in told:
            clock = self.sudo().browse(clock_id)
            users = people.get((clock_id, rung_id))
            if users and clock.res_model in self.env and hasattr(self.env[clock.res_model], "_message_log_batch"):
                lang = clock.company_id.partner_id.lang or self.env.lang
                line = clock.with_context(lang=lang).env._(
                    "%(what)s. Told: %(people)s.",
                    what=clock._words(lang, clock.tz, instant, due),
                    people=", ".join(users.mapped("name")),
                )
                lines[clock.res_model][clock.res_id].append(line)
        for model, bodies in lines.items():
            records = self.env[model].sudo().browse(list(bodies))
            records._message_log_batch({res_id: " ".join(own) for res_id, own in bodies.items()})
