"""Loaded inside tests only, by `FakeModelLoader`: the whole story, from the complaint to its evaluation."""

from odoo import fields, models

from odoo.addons.sqms_base.lib.trace_link import TraceLink


class FakeStep(models.AbstractModel):
    _name = "sqms.fake.trace.step"
    _description = "Fake Step"
    _inherit = ["sqms.trace.mixin"]
    _rec_name = "title"

    number = fields.Char()
    title = fields.Char()
    day = fields.Date()
    company_id = fields.Many2one("res.company")
    active = fields.Boolean(default=True)

    def _trace_cards(self):
        cards = super()._trace_cards()
        for record in self:
            cards[record.id] |= {"date": record.day, "detail": record._trace_day(record.day)}
        return cards


class FakeComplaint(models.Model):
    _name = "sqms.fake.complaint"
    _description = "Complaint"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "happened", 10, "fa-comment"
    _trace_links = (TraceLink("repeats_ids", label="repeats", kind="repeats"),)

    repeats_ids = fields.Many2many("sqms.fake.complaint", "sqms_fake_repeats", "one_id", "other_id")


class FakeNonconformity(models.Model):
    _name = "sqms.fake.nc"
    _description = "Nonconformity"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "happened", 20, "fa-exclamation-circle"
    _trace_links = (
        TraceLink("res_id", label="raised", direction="from", model_field="res_model"),
        TraceLink("secret_id", direction="from"),
    )

    res_model = fields.Char()
    res_id = fields.Integer()
    secret_id = fields.Many2one("sqms.fake.complaint", groups="base.group_system")


class FakeCause(models.Model):
    _name = "sqms.fake.cause"
    _description = "Cause"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "happened", 30, "fa-search"
    _trace_links = (TraceLink("nc_id", direction="from"),)

    nc_id = fields.Many2one("sqms.fake.nc")


class FakeAction(models.Model):
    _name = "sqms.fake.action"
    _description = "Action"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "changed", 40, "fa-wrench"
    _trace_links = (TraceLink("cause_id", direction="from"),)

    cause_id = fields.Many2one("sqms.fake.cause")


class FakePlan(models.Model):
    """No part of the story: training hangs on the action over it."""

    _name = "sqms.fake.plan"
    _description = "Plan"

    action_id = fields.Many2one("sqms.fake.action")


class FakeTraining(models.Model):
    _name = "sqms.fake.training"
    _description = "Training"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "changed", 60, "fa-graduation-cap"
    _trace_links = (TraceLink("plan_id.action_id", direction="from"), "next_id")

    plan_id = fields.Many2one("sqms.fake.plan")
    next_id = fields.Many2one("sqms.fake.training")
    holds_id = fields.Many2one("sqms.fake.nc")
    missing = fields.Integer()
    user_id = fields.Many2one("res.users")
    date_due = fields.Date()

    def _trace_gates(self):
        return super()._trace_gates() + [
            {
                "source": training,
                "target": training.holds_id,
                "text": f"Holds closure of {training.holds_id.sudo().title}: {training.missing} untrained.",
                "label": f"{training.missing} untrained",
                "open": bool(training.missing),
                "responsible": training.user_id,
                "due": training.date_due,
            }
            for training in self
            if training.holds_id
        ]


class FakeEvaluation(models.Model):
    _name = "sqms.fake.evaluation"
    _description = "Evaluation"
    _inherit = ["sqms.fake.trace.step"]
    _trace_lane, _trace_rank, _trace_icon = "helped", 90, "fa-balance-scale"
    _trace_links = (TraceLink("training_id", direction="from"),)

    training_id = fields.Many2one("sqms.fake.training")


MODELS = [
    FakeStep, FakeComplaint, FakeNonconformity, FakeCause, FakeAction, FakePlan, FakeTraining, FakeEvaluation,
]  # fmt: skip
