from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.workflow_pass import passed, workflow_fields
from .sqms_action import OFFICER
from .sqms_action_effect import EFFECT

EVIDENCE = {"evidence", "evidence_file_ids"}


class SqmsActionAccess(models.Model):
    """Who writes what in an action, and what it belongs to.

    1. The owner who is no quality officer writes its evidence; the one who is asked to verify it writes his remarks
       and what the check found. Everything else is an officer's.
    2. What the check found is not written by those who worked on it.
    3. Whoever writes evidence or owned it once has worked on it, and is noted.
    4. The cycle is that of the nonconformity on the day the action was made, whatever a client sends.
    """

    _inherit = "sqms.action"

    @api.constrains("cause_ids", "nonconformity_id")
    def _check_causes(self):
        for action in self.sudo():
            if action.cause_ids.nonconformity_id - action.nonconformity_id:
                raise ValidationError(
                    self.env._("%s answers causes of its own nonconformity only.", action.display_name)
                )

    @api.constrains("owner_id", "verifier_id")
    def _check_verifier(self):
        for action in self.sudo():
            if action.verifier_id and action.verifier_id in action._hands():
                raise ValidationError(
                    self.env._(
                        "%(name)s worked on %(action)s. Somebody else verifies it.",
                        name=action.verifier_id.name,
                        action=action.display_name,
                    )
                )

    @api.constrains("res_model", "res_id")
    def _check_source(self):
        for action in self:
            if not action.res_model and not action.res_id:
                continue
            model = self.env.get(action.res_model or "")
            if model is None or model._abstract or model._transient or not action.res_id:
                raise ValidationError(self.env._("What %s comes from is no record.", action.display_name))
            source = model.browse(action.res_id)
            if not source.sudo().exists():
                raise ValidationError(self.env._("What %s comes from is no record.", action.display_name))
            if not self.env.su:
                source.check_access("read")
            company = source.sudo().company_id if "company_id" in source._fields else self.env["res.company"]
            if company and company != action.company_id:
                raise ValidationError(self.env._("What %s comes from belongs to another company.", action.display_name))

    # -- create ---------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._keep_evidence()
        actions._note_doers({action.id: self.env.user for action in actions if action._has_evidence()})
        actions._tell_origins()
        actions._plan_activities()
        return actions

    def _create(self, data_list):
        # Defaults from the context and from ir.default are merged below `create`.
        origins = {data["stored"].get("nonconformity_id") for data in data_list} - {None, False}
        cycles = {nc.id: nc.cycle for nc in self.env["sqms.nonconformity"].sudo().browse(origins)}
        for data in data_list:
            data["stored"]["cycle"] = cycles.get(data["stored"].get("nonconformity_id"), 1)
        return super()._create(data_list)

    # -- write ------------------------------------------------------------------

    def write(self, vals):
        self._refuse_role(vals)
        if "date_due" in vals:
            self._refuse_moving_what_is_late(vals["date_due"])
        moved = {action.id: action.owner_id for action in self} if "owner_id" in vals else {}
        result = super().write(vals)
        if "evidence_file_ids" in vals:
            self._keep_evidence()
        if EVIDENCE.intersection(vals):
            self._note_doers(dict.fromkeys(self.ids, self.env.user))
        if moved:
            self._owners_changed(moved)
        if "kind" in vals:
            self._tell_origins()
        if moved or {"verifier_id", "date_due"}.intersection(vals):
            self._plan_activities()
        return result

    def _refuse_moving_what_is_late(self, day):
        """A day that has passed is not planned away; more time is asked for once the action is started."""
        for action in self.sudo():
            late = action.date_due and action.date_due < action.company_id._sqms_today()
            if action.state == "planned" and late and fields.Date.to_date(day) != action.date_due and not self.env.su:
                raise UserError(
                    self.env._(
                        "%s is late already: its day stays. Please start it and ask for more time.",
                        action.display_name,
                    )
                )

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._refuse_role({field_name: True})
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _refuse_role(self, vals):
        """Refuse what this person does not write here; what a step writes under its pass goes on."""
        # Another state than by its steps is refused to everybody.
        names = {name for name in vals if name in self._fields and not self._is_of_thread(name)} - {"state"}
        if self.env.su or not names or passed(self, names):
            return
        user = self.env.user
        officer = user.has_group(OFFICER)
        for action in self:
            allowed = set(names) if officer else set()
            if not officer and user == action.owner_id:
                allowed |= EVIDENCE
            if not officer and user == action.verifier_id:
                allowed |= EFFECT | {"remarks"}
            if user in action._hands():
                allowed -= EFFECT
            closed = sorted(names - allowed)
            if closed:
                raise AccessError(
                    self.env._(
                        "“%(field)s” of %(action)s is not yours to change.",
                        field=self._fields[closed[0]]._description_string(self.env),
                        action=action.display_name,
                    )
                )

    @api.model
    def _is_of_thread(self, name):
        return name in self._workflow_always_open or name.startswith(("message_", "activity_", "my_activity_"))

    def _has_evidence(self):
        return bool((self.evidence or "").strip() or self.sudo().evidence_file_ids)

    def _note_doers(self, doers):
        """:param doers: `{action id: users}` who have worked on it"""
        if self.env.su and self.env.uid == SUPERUSER_ID:
            return
        by_users = {}
        for action in self.filtered(lambda action: action.id in doers):
            new = doers[action.id] - action.sudo().doer_ids
            if new:
                by_users.setdefault(new, self.browse())
                by_users[new] |= action
        for users, actions in by_users.items():
            with workflow_fields(actions, "doer_ids"):
                actions.sudo().write({"doer_ids": [(4, id_) for id_ in users.ids]})

    def _owners_changed(self, before):
        changed = self.filtered(lambda action: action.owner_id != before[action.id])
        begun = changed.filtered(lambda action: action.state != "planned")
        begun._note_doers({action.id: before[action.id] | action.owner_id for action in begun})
        for action in changed:
            words = self.env._(
                "%(action)s: owner changed from %(before)s to %(after)s",
                action=action.display_name,
                before=before[action.id].sudo().name or self.env._("nobody"),
                after=action.owner_id.sudo().name or self.env._("nobody"),
            )
            action._tell(before[action.id] | action.owner_id, words)

    def _tell(self, users, subject, body=None):
        """A message to those of them who are not the one who acts; it stays in their inbox or goes by mail."""
        partners = (users - self.env.user).sudo().filtered(lambda user: user.active and not user.share).partner_id
        if partners:
            self.message_notify(partner_ids=partners.ids, subject=subject, body=body or subject)

    def unlink(self):
        origins = self.sudo().nonconformity_id
        self._activities().unlink()
        result = super().unlink()
        origins._story_moved()
        return result
