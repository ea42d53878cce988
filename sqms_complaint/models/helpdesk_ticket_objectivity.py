from odoo import api, models
from odoo.exceptions import AccessError, ValidationError


class HelpdeskTicketObjectivity(models.Model):
    """Whoever is complained about has no hand in the case (ISO 10002, 7.6).

    1. The handler is never a person complained about, by whatever way either of them comes in: form, list, import,
       call, server action, a login that an employee gets later.
    2. Where the system itself proposes a handler, it passes over that person.
    3. Nobody complained about takes a step of the case, writes in it or deletes it, neither himself nor through a
       delegate.
    4. At the second level the handler is none of those who decided at the first.
    """

    _inherit = "helpdesk.ticket"

    def _complaint_involved(self):
        """`{complaint id: the users who are complained about}`, archived ones as well."""
        return {
            ticket.id: ticket.complaint_person_ids.user_id for ticket in self.sudo().with_context(active_test=False)
        }

    def _complaint_about(self, users):
        """The complaints among these that one of the users is complained about in."""
        complaints = self.sudo().filtered("is_complaint").with_prefetch(self._prefetch_ids)
        involved = complaints._complaint_involved()
        return self.browse(id_ for id_, people in involved.items() if people & users)

    @api.constrains("user_id", "complaint_person_ids", "complaint_level", "complaint_first_level_ids")
    def _check_complaint_objectivity(self):
        given = self.sudo().filtered(lambda ticket: ticket.is_complaint and ticket.user_id)
        involved = given._complaint_involved()
        for ticket in given:
            if ticket.user_id in involved[ticket.id]:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot handle %(complaint)s: the complaint is about this person. "
                        "Please choose somebody else.",
                        person=ticket.user_id.name,
                        complaint=ticket.number,
                    )
                )
            if ticket.complaint_level == "2" and ticket.user_id in ticket.complaint_first_level_ids:
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot handle %(complaint)s: the second level is for somebody who did not decide "
                        "at the first.",
                        person=ticket.user_id.name,
                        complaint=ticket.number,
                    )
                )

    # -- the system's own proposals ------------------------------------------------

    def _complete_complaints(self, vals_list):
        default = None
        for vals in vals_list:
            if not vals.get("complaint_person_ids") or "user_id" in vals:
                continue
            if default is None:
                default = self.env["res.users"].browse(self.default_get(["user_id"]).get("user_id") or [])
            named = self.new({"complaint_person_ids": vals["complaint_person_ids"]}).sudo().complaint_person_ids
            if default & named._origin.with_context(active_test=False).user_id:
                vals["user_id"] = False
        return super()._complete_complaints(vals_list)

    def _user_may_handle(self):
        return super()._user_may_handle() and not self._complaint_about(self.env.user)

    @api.onchange("complaint_person_ids", "user_id")
    def _onchange_complaint_objectivity(self):
        if self.is_complaint and self.user_id and self.user_id in self.sudo().complaint_person_ids.user_id:
            return {
                "warning": {
                    "title": self.env._("Objectivity"),
                    "message": self.env._(
                        "%s cannot handle this complaint: it is about this person. Please choose somebody else.",
                        self.user_id.name,
                    ),
                }
            }
        return None

    # -- whose hands it passes through -----------------------------------------------

    def _workflow_refusals(self, step):
        refusals = super()._workflow_refusals(step)
        about = self._complaint_about(self._workflow_people())
        sentence = self.env._("the complaint is about you: somebody else takes this step")
        return {**refusals, **dict.fromkeys(about.ids, sentence)}

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or operation in ("read", "create") or not any(self._ids):
            return result
        forbidden = result[0] if result else self.browse()
        about = (self - forbidden)._complaint_about(self.env.user)
        if not about:
            return result
        return (
            forbidden | about,
            lambda: (
                result[1]()
                if forbidden
                else AccessError(self.env._("%s is about you: somebody else handles it.", about[:1].sudo().number))
            ),
        )
