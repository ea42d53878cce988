from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

# The part of the stage line in which a complaint of each state stands.
PHASES = {
    "received": "new",
    "acknowledged": "progress",
    "assessed": "progress",
    "investigating": "progress",
    "decided": "progress",
    "communicated": "waiting",
    "implementing": "progress",
    "closed": "done",
    "withdrawn": "cancelled",
    "merged": "cancelled",
}
CLOSED_STATES = ("closed", "withdrawn", "merged")


class HelpdeskTicketStage(models.Model):
    """Stages remain the helpdesk's own; a complaint is led to them by its state.

    1. Each stage may say which part of the way of a complaint it stands for.
    2. A team's own stages come before those of everybody.
    3. A stage in which complaints stand does not change between open and closed.
    """

    _inherit = "helpdesk.ticket.stage"

    complaint_phase = fields.Selection(
        [
            ("new", "New complaints"),
            ("progress", "Complaints being handled"),
            ("waiting", "Complaints waiting for the customer"),
            ("done", "Closed complaints"),
            ("cancelled", "Withdrawn or merged complaints"),
        ],
        help="The stage follows the state of a complaint. Without a stage for a part of the way, the first open "
        "or closed stage of the team is taken.",
    )

    @api.model
    @tools.ormcache("team_id", "company_id", "state")
    def _get_complaint_stage_id(self, team_id, company_id, state):
        """The stage of a complaint in this state, or False where the team has none that would do."""
        stages = self.sudo().search(
            [
                ("company_id", "in", [False, company_id]),
                "|",
                ("team_ids", "=", False),
                ("team_ids", "in", [team_id] if team_id else []),
            ]
        )
        fitting = stages.filtered(lambda stage: stage.closed == (state in CLOSED_STATES))
        own_first = fitting.filtered("team_ids") + fitting.filtered(lambda stage: not stage.team_ids)
        meant = own_first.filtered(lambda stage: stage.complaint_phase == PHASES[state])
        return (meant or fitting)[:1].id

    @api.constrains("closed", "complaint_phase")
    def _check_complaints_inside(self):
        for stage in self:
            states = CLOSED_STATES if not stage.closed else tuple(set(PHASES) - set(CLOSED_STATES))
            misplaced = (
                self.env["helpdesk.ticket"]
                .sudo()
                .with_context(active_test=False)
                .search([("stage_id", "=", stage.id), ("complaint_state", "in", states)], limit=1)
            )
            if misplaced:
                raise ValidationError(
                    self.env._(
                        "The stage “%(stage)s” cannot change between open and closed: the complaint %(complaint)s "
                        "stands in it. Make a new stage instead.",
                        stage=stage.name,
                        complaint=misplaced.number,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        done = super().write(vals)
        self.env.registry.clear_cache()
        return done

    def unlink(self):
        done = super().unlink()
        self.env.registry.clear_cache()
        return done
