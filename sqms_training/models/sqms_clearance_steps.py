from odoo import fields, models
from odoo.tools import LazyTranslate

from odoo.addons.sqms_base.lib.transition import Transition
from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from ..lib.clearance_dates import last_day

_lt = LazyTranslate(__name__)

OFFICER = "sqms_training.group_clearance"
DECISION = (
    "conditions", "condition_until", "next_look", "refusal_item_id", "heard_on", "hearing_note", "raw_hearing_note",
    "withdraw_reason",
)  # fmt: skip


class SqmsClearanceSteps(models.Model):
    """The way of a clearance, from the notice to the decision."""

    _inherit = "sqms.clearance"

    _workflow_initial = ("requested",)
    _workflow_managed = (
        "consent_kind", "consented_at", "consent_by_id", "consent_digest", "reviewed_by_id", "reviewed_at", "verdict",
        "decided_by_id", "decided_at", "cleared_from", "lifted_on", "ended_on", "erase_on", "erased_at",
    )  # fmt: skip
    _workflow_fixed = (
        "rule_id", "employee_id", "applicant_model", "applicant_id", "applicant_name", "company_id", "reason",
        "requested_by_id", "notice_id", "is_consent_needed", "previous_id",
    )  # fmt: skip
    _workflow_locked = {
        "reviewed": DECISION,
        "approved": ("withdraw_reason",),
        "conditional": ("withdraw_reason", "next_look"),
        "refused": (),
        "withdrawn": (),
    }
    _workflow = (
        # By the person himself, on his own page: `sqms.clearance.own`.
        Transition("consent", _lt("Agreed"), ("requested",), "consented", system=True),
        Transition("withdraw_consent", _lt("Consent Withdrawn"), ("requested", "consented", "collected"), "withdrawn",
                   system=True),
        Transition("consent_paper", _lt("Agreed on Paper"), ("requested",), "consented", groups=OFFICER,
                   required=("consent_reason",)),
        Transition("collect", _lt("Papers Are Complete"), ("consented",), "collected", groups=OFFICER),
        Transition("review", _lt("Reviewed"), ("collected",), "reviewed", groups=OFFICER, required=("valid_from",)),
        Transition("approve", _lt("Clear"), ("reviewed",), "approved", groups=OFFICER, signature="approver"),
        Transition("approve_conditional", _lt("Clear under Conditions"), ("reviewed",), "conditional", groups=OFFICER,
                   signature="approver", required=("conditions", "condition_until")),
        Transition("refuse", _lt("Refuse"), ("reviewed",), "refused", groups=OFFICER, signature="approver",
                   required=("refusal_item_id", "heard_on")),
        Transition("lift", _lt("Lift the Conditions"), ("conditional",), "approved", groups=OFFICER,
                   signature="approver"),
        Transition("back", _lt("Back to Collecting"), ("reviewed",), "consented", groups=OFFICER, rare=True),
        Transition("revoke", _lt("Revoke"), ("approved", "conditional"), "withdrawn", groups=OFFICER, rare=True,
                   signature="approver", required=("withdraw_reason",)),
        Transition("withdraw", _lt("Stop"), ("requested", "consented", "collected", "reviewed"), "withdrawn",
                   groups=OFFICER, rare=True, required=("withdraw_reason",)),
    )  # fmt: skip

    # -- who ------------------------------------------------------------------

    def _workflow_refusals(self, step):
        refusals = super()._workflow_refusals(step)
        if step.system:
            return refusals
        own = {clearance.id: self.env._("it is about you") for clearance in self.sudo() if clearance._is_about_user()}
        return {**refusals, **own}

    def _is_about_user(self):
        """Whether the clearance is about the user at hand, in whichever of his jobs."""
        person = self.sudo().employee_id
        return bool(self.env.user & (person.user_id | person.work_contact_id.user_ids))

    def _signature_authors(self):
        """Who reviewed a clearance does not decide on it."""
        return {clearance.id: clearance.sudo().reviewed_by_id for clearance in self}

    def _not_by_reviewer(self):
        people = self._workflow_people()
        return {
            clearance.id: self.env._("you reviewed it, another officer decides")
            for clearance in self
            if clearance.reviewed_by_id & people
        }

    # -- told and agreed ----------------------------------------------------------

    def _check_consent_paper(self):
        return {
            clearance.id: self.env._("the sheet that the person has signed is missing: add it to the papers")
            for clearance in self
            if not clearance.sudo().paper_ids.filtered(lambda paper: paper.kind == "consent" and paper.has_file)
        }

    def _prepare_consent_paper_values(self):
        return self._consent_values("paper")

    def _prepare_consent_values(self):
        return self._consent_values("own")

    def _consent_values(self, kind):
        return {
            clearance.id: {
                "consent_kind": kind,
                "consented_at": fields.Datetime.now(),
                "consent_by_id": self.env.uid,
                "consent_digest": clearance.sudo().notice_id._digest()["sha256"],
            }
            for clearance in self
        }

    def _prepare_withdraw_consent_values(self):
        return self._ended_values(erased=True)

    def _on_withdraw_consent(self):
        """Without consent nothing of it is kept."""
        self.sudo()._erase_papers()

    # -- collected and reviewed ----------------------------------------------------

    def _check_collect(self):
        refusals = {}
        for clearance in self:
            papers = clearance.sudo().paper_ids.filtered("outcome")
            missing = clearance.sudo().rule_id.check_ids.filtered("active") - papers.check_id
            if missing:
                refusals[clearance.id] = self.env._("no result yet of: %s", ", ".join(missing.mapped("name")))
        return refusals

    def _check_review(self):
        return {
            clearance.id: self.env._("please write down how you weigh the risk")
            for clearance in self
            if not (clearance.sudo().raw_risk_note or "").strip()
        }

    def _prepare_review_values(self):
        return {
            clearance.id: {
                "reviewed_by_id": self.env.uid,
                "reviewed_at": fields.Datetime.now(),
                "valid_to": clearance.valid_to or last_day(clearance.valid_from, clearance.rule_id.interval_months),
            }
            for clearance in self
        }

    def _prepare_back_values(self):
        return dict.fromkeys(self.ids, {"reviewed_by_id": False, "reviewed_at": False})

    # -- decided --------------------------------------------------------------------

    def _check_approve(self):
        barred = {
            clearance.id: self.env._("a finding bars from the post by law: it is refused, or reviewed again")
            for clearance in self.sudo()
            if clearance._is_barred()
        }
        return {**barred, **self._not_by_reviewer()}

    def _check_approve_conditional(self):
        today = {clearance.id: clearance.company_id._sqms_today() for clearance in self}
        past = {
            clearance.id: self.env._("the conditions must end later than today and within the time of the clearance")
            for clearance in self
            if clearance.condition_until
            and (
                clearance.condition_until <= today[clearance.id]
                or (clearance.valid_to and clearance.condition_until > clearance.valid_to)
            )
        }
        return {**past, **self._check_approve()}

    def _check_refuse(self):
        unheard = {
            clearance.id: self.env._("please write down what the person said when he was heard")
            for clearance in self
            if not (clearance.sudo().raw_hearing_note or "").strip()
        }
        wrong = {
            clearance.id: self.env._("%s is no basis for a refusal", clearance.refusal_item_id.code)
            for clearance in self.sudo()
            if clearance.refusal_item_id
            and (
                clearance.refusal_item_id.use not in ("basis", "bar")
                or clearance.refusal_item_id.verification_state != "verified"
            )
        }
        return {**wrong, **unheard, **self._not_by_reviewer()}

    def _check_lift(self):
        return self._check_approve()

    def _check_revoke(self):
        return self._not_by_reviewer()

    def _is_barred(self):
        """Whether a finding bars from the post by law. It decides nothing: a person refuses, or reviews again."""
        hits = self.paper_ids.filtered(lambda paper: paper.outcome == "finding").check_id
        return bool(hits.item_id.filtered(lambda item: item.effect == "barred"))

    def _prepare_approve_values(self):
        return self._decided_values("approved")

    def _prepare_approve_conditional_values(self):
        return self._decided_values("conditional")

    def _prepare_refuse_values(self):
        return self._decided_values("refused")

    def _decided_values(self, verdict):
        values = {}
        for clearance in self:
            today = clearance.company_id._sqms_today()
            values[clearance.id] = {
                "verdict": verdict,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
                "erase_on": fields.Date.add(today, days=clearance.rule_id.retention_days),
            }
            if verdict != "refused":
                values[clearance.id]["cleared_from"] = max(today, clearance.valid_from)
        return values

    def _prepare_lift_values(self):
        return {
            clearance.id: {
                "verdict": "approved",
                "lifted_on": clearance.company_id._sqms_today(),
                "decided_by_id": self.env.uid,
            }
            for clearance in self
        }

    def _prepare_revoke_values(self):
        return self._ended_values()

    def _prepare_withdraw_values(self):
        return self._ended_values()

    def _ended_values(self, erased=False):
        return {
            clearance.id: {
                "ended_on": (today := clearance.company_id._sqms_today()),
                "erase_on": today
                if erased
                else clearance.erase_on or fields.Date.add(today, days=clearance.rule_id.retention_days),
            }
            for clearance in self
        }

    def _take_over(self, state, values):
        """Decisions that were made before this system was here (old register, demo data)."""
        with workflow_import(self, self.env._("Taken over")):
            self.write({**values, "state": state})
