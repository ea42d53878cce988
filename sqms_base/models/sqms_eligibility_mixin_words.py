from collections import defaultdict

from odoo import SUPERUSER_ID, api, fields, models

TOLD_AT_ONCE = 10


class SqmsEligibilityMixinWords(models.AbstractModel):
    """What is said when somebody is not eligible: to the person who named him, or to the dispatcher."""

    _inherit = "sqms.eligibility.mixin"

    # -- a person named somebody ------------------------------------------------

    def _eligibility_refusal(self, refused):
        """The sentence for whoever named them: what is missing, and the nearest colleagues for the first record."""
        lines = []
        for record in self[:TOLD_AT_ONCE].sudo():
            for assignee, reasons in refused[record.id].items():
                lines.append(
                    self.env._(
                        "%(person)s cannot be given “%(record)s”: %(reasons)s.",
                        person=assignee.sudo().name,
                        record=record.display_name or self._description,
                        reasons="; ".join(reasons),
                    )
                )
        if len(self) > TOLD_AT_ONCE:
            lines.append(self.env._("… and %(count)s more.", count=len(self) - TOLD_AT_ONCE))
        lines.append(self[:1]._eligibility_hint(refused[self[:1].id]))
        return "\n".join(lines)

    def _eligibility_hint(self, refused):
        names = self._eligibility_colleagues(refused)
        if names:
            return self.env._("Eligible colleagues: %(names)s.", names=", ".join(names))
        return self.env._("Nobody else is eligible at present; a quality officer can request an override.")

    def _eligibility_colleagues(self, refused):
        """The names of the nearest colleagues, nearest first."""
        candidates = self._eligibility_candidates()[self.id]
        employees = self.env["hr.employee"].sudo().union(*candidates.values())
        department = employees[:1].department_id
        nearest = self.env["sqms.eligibility.rule"]._nearest(self, department, without=employees.ids)
        return nearest.mapped("name")

    def _eligibility_warning(self, proposed=None):
        """For an `onchange` of the assignee: the refusal as a warning, while nothing is saved yet.

        :param proposed: people whom the system left out of this form
        """
        if not self.env["sqms.eligibility.rule"]._gate_fields(self._name, fields.Date.today()):
            return None
        record = self
        if proposed:
            record = self.new({**self._eligibility_new_values(), self._eligibility_assignee: proposed.ids[0]})
        refused = record._eligibility_refused()
        if not refused:
            return None
        return {"warning": {
            "title": self.env._("Not eligible"), "message": record._eligibility_refusal(refused),
            "type": "notification",
        }}  # fmt: skip

    def _eligibility_new_values(self):
        """What the form holds, for a trial with somebody else."""
        names = self.env["sqms.eligibility.rule"]._gate_fields(self._name, fields.Date.today())
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in names
            if name in self._fields and self._fields[name].type not in ("one2many", "many2many")
        }

    # -- the system chose somebody ------------------------------------------------

    def _eligibility_empty(self, refused):
        """Take the forbidden people out again, without going through `write`: the values are just being set."""
        field = self._fields[self._eligibility_assignee]
        for record in self.filtered(lambda record: record.id in refused):
            forbidden = record[field.name].browse([person.id for person in refused[record.id]])
            kept = record[field.name].filtered(lambda person, forbidden=forbidden: person._origin not in forbidden)
            with self.env.protecting([field], record):
                record[field.name] = kept
            record.modified([field.name])

    def _eligibility_leave_out(self, refused):
        if self:
            self._eligibility_empty(refused)
            self._eligibility_tell_later({record.id: refused[record.id] for record in self})

    def _eligibility_tell_later(self, refused):
        """Say so before the transaction ends: messages do not belong into the middle of a write."""
        data = self.env.cr.precommit.data.setdefault(f"sqms.eligibility.{self._name}", {})
        if not data:
            env = self.env
            self.env.cr.precommit.add(lambda: env[self._name]._eligibility_tell())
        data.update(refused)

    @api.model
    def _eligibility_tell(self):
        """One note on each record that was left without anybody, and one activity for its dispatcher."""
        refused = self.env.cr.precommit.data.pop(f"sqms.eligibility.{self._name}", {})
        records = self.sudo().with_context(lang=self.env.user.lang).browse(refused).exists()
        if self._fields[self._eligibility_assignee].type == "many2one":
            records = records.filtered(lambda record: not record[self._eligibility_assignee])
        notes = {
            record.id: self.env._(
                "%(people)s was left out: %(reasons)s.",
                people=", ".join(person.sudo().name for person in refused[record.id]),
                reasons="; ".join(reason for reasons in refused[record.id].values() for reason in reasons),
            )
            for record in records
        }
        if records and hasattr(records, "_message_log_batch"):
            records._message_log_batch(notes, author_id=self.env.ref("base.partner_root").id)
        records._eligibility_tell_dispatcher(self.env._("Choose somebody who is eligible"), notes)

    def _eligibility_tell_dispatcher(self, summary, notes):
        """One activity for each record, for whoever is responsible for giving it to people."""
        if not self or "activity_ids" not in self._fields:
            return self.env["mail.activity"]
        activity_type = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        model_id = self.env["ir.model"]._get_id(self._name)
        by_user = defaultdict(self.browse)
        for record in self:
            by_user[record._eligibility_dispatcher()] += record
        rows = [
            {
                "res_model_id": model_id,
                "res_id": record.id,
                "activity_type_id": activity_type.id if activity_type else False,
                "summary": summary,
                "note": notes[record.id],
                "user_id": user.id,
                "automated": True,
                "date_deadline": fields.Date.context_today(record),
            }
            for user, records in by_user.items()
            for record in (records.with_user(user)._filtered_access("read") if user else ())
        ]
        return self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(rows)

    def _eligibility_dispatcher(self):
        """Who is told that somebody else is needed: the dispatcher of the company, or else who made the record."""
        named = self.env["sqms.eligibility.rule"]._company_of(self).sqms_dispatcher_id
        maker = self.sudo().create_uid
        people = named + maker
        return people.filtered(lambda user: user.active and not user.share and user.id != SUPERUSER_ID)[:1]
