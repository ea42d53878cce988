from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate, format_date

from ..lib.local_time import local_midnight
from ..lib.transition import Transition
from .sqms_document import DOCUMENT_TYPES

_lt = LazyTranslate(__name__)

OFFICER = "sqms_base.group_sqms_officer"
MANAGER = "sqms_base.group_sqms_manager"
TOP = "sqms_base.group_sqms_top"
CERTIFIER = "sqms_base.group_sqms_certifier"


class SqmsDelegation(models.Model):
    """Somebody stands in for somebody else, for a time.

    1. It is offered by the delegator himself, or by a manager who holds every role of his and is not the delegate; it
       counts once the delegate has accepted it.
    2. It holds from the local midnight of its first day to the local midnight after its last one, in the time zone of
       the company. The clock decides, no job is needed: a second later it lets nobody act.
    3. It gives what the delegator may decide himself at that moment, within its scope, and nothing that he was given
       by others: it is not passed on.
    4. Accepted, it stays as it is; it is revoked by any of the two or by a manager, at once.
    """

    _name = "sqms.delegation"
    _description = "Delegation"
    _inherit = ["sqms.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    delegator_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict", tracking=True,
        default=lambda self: self.env.user, domain=[("share", "=", False)],
        help="Whose decisions the other may take.",
    )  # fmt: skip
    delegate_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="restrict", tracking=True,
        domain=[("share", "=", False)], help="Decides in his own name and with his own signature, on behalf.",
    )  # fmt: skip
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    date_from = fields.Date(string="First Day", required=True, tracking=True)
    date_to = fields.Date(string="Last Day", required=True, tracking=True)
    scope = fields.Selection(
        [("all", "All Decisions"), ("process", "One Process"), ("document_type", "One Type of Document")],
        required=True, default="all", tracking=True,
    )  # fmt: skip
    process_id = fields.Many2one("sqms.process", check_company=True, index="btree_not_null", ondelete="restrict")
    process_document_ids = fields.Many2many(
        "sqms.document", string="Documents of the Process", readonly=True, copy=False,
        help="Those that belonged to the process when it was accepted; what is linked later is not decided on behalf.",
    )  # fmt: skip
    document_type = fields.Selection(DOCUMENT_TYPES)
    reason = fields.Text(required=True)
    state = fields.Selection(
        [("draft", "Draft"), ("proposed", "To Be Accepted"), ("active", "Accepted"), ("revoked", "Revoked")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )  # fmt: skip
    proposed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    accepted_at = fields.Datetime(readonly=True, copy=False)
    starts_at = fields.Datetime(string="Holds From", readonly=True, copy=False)
    ends_at = fields.Datetime(string="Holds Until", readonly=True, copy=False)
    revoked_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    revoked_at = fields.Datetime(readonly=True, copy=False)
    validity = fields.Selection(
        [("none", "Not Accepted"), ("coming", "Not Begun"), ("valid", "In Force"), ("expired", "Ended")],
        compute="_compute_validity", search="_search_validity",
    )  # fmt: skip

    _two_people = models.Constraint("CHECK(delegator_id <> delegate_id)", "Nobody stands in for himself.")
    _date_order = models.Constraint("CHECK(date_to >= date_from)", "A delegation ends after it has begun.")
    _standing_idx = models.Index("(delegate_id, starts_at, ends_at) WHERE state = 'active'")

    _workflow_managed = (
        "proposed_by_id", "accepted_at", "starts_at", "ends_at", "revoked_by_id", "revoked_at",
        "process_document_ids",
    )  # fmt: skip
    _workflow_fixed = ("company_id",)
    _workflow_locked = {"proposed": (), "active": (), "revoked": ()}
    _workflow = (
        Transition("propose", _lt("Ask to Accept"), source=("draft",), target="proposed", groups=f"{OFFICER},{TOP}"),
        Transition("accept", _lt("Accept"), source=("proposed",), target="active"),
        Transition("decline", _lt("Decline"), source=("proposed",), target="revoked"),
        Transition("revoke", _lt("Revoke"), source=("proposed", "active"), target="revoked", rare=True),
    )

    _ledger_fields = (
        "delegator_id", "delegate_id", "company_id", "date_from", "date_to", "scope", "process_id", "document_type",
        "reason", "state", "proposed_by_id", "accepted_at", "starts_at", "ends_at", "revoked_by_id", "revoked_at",
        "process_document_ids",
    )  # fmt: skip
    _ledger_personal_fields = ("reason",)

    @api.depends("delegator_id", "delegate_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self.sudo():
            row.display_name = self.env._(
                "%(delegate)s for %(delegator)s, %(start)s to %(end)s",
                delegate=row.delegate_id.name or "",
                delegator=row.delegator_id.name or "",
                **row._days(),
            )

    @api.depends("state", "starts_at", "ends_at")
    def _compute_validity(self):
        now = fields.Datetime.now()
        for row in self:
            if not row.starts_at:
                row.validity = "none"
            elif row.state != "active" or row.ends_at <= now:
                row.validity = "expired"
            else:
                row.validity = "coming" if row.starts_at > now else "valid"

    def _search_validity(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        active = Domain("state", "=", "active")
        domains = {
            "none": Domain("starts_at", "=", False),
            "expired": Domain("starts_at", "!=", False) & (~active | Domain("ends_at", "<=", now)),
            "coming": active & Domain("starts_at", ">", now) & Domain("ends_at", ">", now),
            "valid": active & Domain("starts_at", "<=", now) & Domain("ends_at", ">", now),
        }
        return Domain.OR(domain for name, domain in domains.items() if name in value)

    # -- rules -------------------------------------------------------------

    @api.constrains("delegator_id", "delegate_id", "company_id", "scope", "process_id", "document_type", "date_from",
                    "date_to")  # fmt: skip
    def _check_sense(self):
        for row in self.sudo():
            if row.delegator_id == row.delegate_id:
                raise ValidationError(self.env._("Nobody stands in for himself."))
            if row.date_to < row.date_from:
                raise ValidationError(self.env._("A delegation ends after it has begun."))
            if (row.scope == "process") != bool(row.process_id):
                raise ValidationError(self.env._("Please name the process for which the delegation holds."))
            if (row.scope == "document_type") != bool(row.document_type):
                raise ValidationError(self.env._("Please name the type of document for which the delegation holds."))
            for person in row.delegator_id | row.delegate_id:
                if not person._is_internal() or row.company_id not in person.company_ids:
                    raise ValidationError(
                        self.env._(
                            "%(name)s does not work at %(company)s: nobody stands in across companies.",
                            name=person.name,
                            company=row.company_id.name,
                        )
                    )

    @api.onchange("scope")
    def _onchange_scope(self):
        self.process_id = self.process_id if self.scope == "process" else False
        self.document_type = self.document_type if self.scope == "document_type" else False

    # -- steps -------------------------------------------------------------

    def _workflow_may_write(self):
        # The delegate reads it and says yes or no; he changes nothing else.
        return super()._workflow_may_write() or (self._are_to_me() and self.has_access("read"))

    def _workflow_check_write(self):
        if not self._are_to_me():
            return super()._workflow_check_write()
        return self.check_access("read")

    def _workflow_writer(self):
        return self.sudo() if self._are_to_me() else super()._workflow_writer()

    def _are_to_me(self):
        return all(row.delegate_id == self.env.user for row in self.sudo())

    def _offers_propose(self):
        return not self._why_not_propose()

    def _check_propose(self):
        return {row.id: reason for row in self for reason in [row._why_not_propose()] if reason}

    def _why_not_propose(self):
        user, row = self.env.user, self.sudo()
        if row.date_to < row.company_id._sqms_today():
            return self.env._("its last day has passed")
        reason = row._why_not_stand_in()
        if reason:
            return reason
        if user == row.delegator_id:
            return None
        if user == row.delegate_id:
            return self.env._("nobody gives himself the authority of another")
        roles = [group for group in (OFFICER, MANAGER, TOP) if row.delegator_id.has_group(group)]
        if not user.has_group(MANAGER) or not all(user.has_group(group) for group in roles):
            return self.env._(
                "%(name)s delegates it, or a manager who holds the same roles", name=row.delegator_id.name
            )
        return None

    def _why_not_stand_in(self):
        """What speaks against the two people, whoever asks; in sudo."""
        if not self.delegator_id.active or not self.delegate_id.active:
            return self.env._("both must work here")
        if not any(self.delegator_id.has_group(group) for group in (OFFICER, MANAGER, TOP)):
            return self.env._("%(name)s has nothing to decide", name=self.delegator_id.name)
        if self.delegate_id.has_group(CERTIFIER):
            return self.env._("%(name)s only reads", name=self.delegate_id.name)
        return None

    def _prepare_propose_values(self):
        return {row.id: {"proposed_by_id": self.env.uid} for row in self}

    def _on_propose(self):
        for row in self:
            row.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Please accept or decline to stand in"),
                user_id=row.delegate_id.id,
            )

    def _offers_accept(self):
        return self.sudo().delegate_id == self.env.user

    _offers_decline = _offers_accept

    def _check_accept(self):
        refusals = self._only_delegate()
        for row in self.sudo():
            reason = row._why_not_stand_in()
            if row.date_to < row.company_id._sqms_today():
                reason = self.env._("its last day has passed")
            if reason:
                refusals.setdefault(row.id, reason)
        return refusals

    def _check_decline(self):
        return self._only_delegate()

    def _only_delegate(self):
        return {
            row.id: self.env._("%(name)s decides on it", name=row.delegate_id.name)
            for row in self.sudo()
            if row.delegate_id.id != self.env.uid
        }

    def _prepare_accept_values(self):
        now = fields.Datetime.now()
        values = {}
        for row in self.sudo():
            zone = row.company_id._sqms_tz()
            values[row.id] = {
                "accepted_at": now,
                "process_document_ids": [fields.Command.set(row.process_id.document_ids.ids)],
                "starts_at": max(local_midnight(row.date_from, zone), now),
                "ends_at": local_midnight(row.date_to + timedelta(days=1), zone),
            }
        return values

    def _on_accept(self):
        self._done_deciding()

    def _prepare_decline_values(self):
        return {row.id: {"revoked_by_id": self.env.uid, "revoked_at": fields.Datetime.now()} for row in self}

    def _on_decline(self):
        self._done_deciding()

    def _done_deciding(self):
        self.sudo().activity_ids.filtered("automated").unlink()

    def _offers_revoke(self):
        return not self._check_revoke()

    def _check_revoke(self):
        user = self.env.user
        return {
            row.id: self.env._("it is revoked by who gave it, by who has it, or by a manager")
            for row in self.sudo()
            if user not in row.delegator_id | row.delegate_id and not user.has_group(MANAGER)
        }

    def _prepare_revoke_values(self):
        now = fields.Datetime.now()
        return {
            row.id: {
                "revoked_by_id": self.env.uid,
                "revoked_at": now,
                "ends_at": row.ends_at and min(row.ends_at, now),
            }
            for row in self.sudo()
        }

    def _on_revoke(self):
        self._done_deciding()

    def _workflow_moved(self, step, origin):
        # Once more when it is committed: in between another request may have asked.
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
        return super()._workflow_moved(step, origin)

    # -- what others ask -----------------------------------------------------

    @api.model
    def _stands_in_for(self, user, on=None):
        """The users for whom `user` may act.

        :param on: an instant, naive in UTC; now without it
        """
        return self._standing(user, on).delegator_id.with_env(self.env)

    @api.model
    def _standing(self, user, on=None):
        """The delegations to a user that hold at an instant, in sudo."""
        rows = self.sudo()
        if on is None:
            on = fields.Datetime.now()
            # Most people stand in for nobody: that is known without asking the database.
            if not rows._has_any(user.id):
                return rows.browse()
            states = ("active",)
        else:
            states = ("active", "revoked")
        found = rows.search(
            [
                ("delegate_id", "=", user.id), ("state", "in", states),
                ("starts_at", "<=", on), ("ends_at", ">", on),
            ],
            order="id",
        )  # fmt: skip
        return found.filtered(
            lambda row: (
                row.delegator_id.active
                and row.delegate_id.active
                and row.company_id in row.delegator_id.company_ids & row.delegate_id.company_ids
            )
        )

    @tools.ormcache("user_id")
    def _has_any(self, user_id):
        return bool(self.search_count([("delegate_id", "=", user_id), ("state", "=", "active")], limit=1))

    def _covers(self, record):
        """Whether a record (in sudo) is within company and scope; what does not say where it belongs is not."""
        self.ensure_one()
        if "company_id" not in record._fields or record.company_id != self.company_id:
            return False
        if self.scope == "document_type":
            return "document_type" in record._fields and record.document_type == self.document_type
        if self.scope == "process":
            return self.process_id in record._delegation_processes()
        return self.scope == "all"

    def _hold_row(self):
        """Whoever revokes it at the same moment waits; who was later is replayed and sees that it is gone."""
        self.env.cr.execute(
            SQL("SELECT id FROM sqms_delegation WHERE id IN %s FOR SHARE", tuple(self.ids)), log_exceptions=False
        )

    def _days(self):
        return {
            "start": format_date(self.env, self.date_from) if self.date_from else "",
            "end": format_date(self.env, self.date_to) if self.date_to else "",
        }

    def _words_on_behalf(self):
        return self.env._(
            "Signed on behalf of %(name)s, by the delegation from %(start)s to %(end)s.",
            name=self.delegator_id.name,
            **self._days(),
        )
