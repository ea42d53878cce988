from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ..lib.appraisal import SCALES, WHOLE, word_place
from ..lib.held_check import held, is_held

FUNCTION = "sqms_appraisal_weights"
TRIGGER = "sqms_weights"
# Deferred: all criteria of a scheme are written one by one, and make 100 when the transaction ends.
WATCH = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    scheme integer;
    total integer;
BEGIN
    FOREACH scheme IN ARRAY ARRAY[
        CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE (to_jsonb(NEW) ->> TG_ARGV[0])::integer END,
        CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE (to_jsonb(OLD) ->> TG_ARGV[0])::integer END
    ] LOOP
        IF EXISTS (SELECT FROM sqms_appraisal_scheme WHERE id = scheme) THEN
            SELECT COALESCE(sum(weight), 0) INTO total FROM sqms_appraisal_criterion WHERE scheme_id = scheme;
            IF total <> {WHOLE} THEN
                RAISE EXCEPTION 'The weights of appraisal scheme % make %, not {WHOLE}', scheme, total
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
    END LOOP;
    RETURN NULL;
END
$$
"""
STAYS_OPEN = {"active"}


def watch_weights(model, event, column):
    """Let the database add up the weights of every touched scheme at the end of the transaction.

    :param column: of the model's table, the id of the scheme
    """
    table, trigger = SQL.identifier(model._table), SQL.identifier(TRIGGER)
    model.env.cr.execute(WATCH)
    model.env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", trigger, table))
    model.env.cr.execute(
        SQL(
            """CREATE CONSTRAINT TRIGGER %s AFTER %s ON %s DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION %s(%s)""",
            trigger, SQL(event), table, SQL.identifier(FUNCTION), column,
        )
    )  # fmt: skip


def unwatch_weights(env):
    """Before the tables go: a table with events that still wait for their trigger cannot be dropped."""
    for table in ("sqms_appraisal_scheme", "sqms_appraisal_criterion"):
        env.cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(TRIGGER), SQL.identifier(table)))


class SqmsAppraisalScheme(models.Model):
    """What people of a job are appraised by: criteria whose weights make 100.

    1. The weights make 100 at the end of whatever changes them; the database refuses any other set.
    2. A scheme that somebody was appraised by stays as it was. What changes is a new revision of it.
    3. The threshold and the minima are an aid for those who decide: below them nobody is called fit without new
       scores, and no score comes from anything but a person.
    """

    _name = "sqms.appraisal.scheme"
    _description = "Appraisal Scheme"
    _inherit = ["sqms.ledger.mixin"]
    _order = "name, revision desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, ondelete="restrict"
    )
    revision = fields.Integer(readonly=True, copy=False, default=1, aggregator=None)
    previous_id = fields.Many2one(
        "sqms.appraisal.scheme", "Follows", readonly=True, copy=False, index="btree_not_null", ondelete="restrict",
        check_company=True,
    )  # fmt: skip
    job_ids = fields.Many2many("hr.job", string="For Jobs", ondelete="restrict", check_company=True)
    scale = fields.Selection([("five", "1 to 5"), ("hundred", "0 to 100")], required=True, default="five")
    word_1 = fields.Char("Lowest", translate=True, default=lambda self: self.env._("Far below what is needed"))
    word_2 = fields.Char("Low", translate=True, default=lambda self: self.env._("Below what is needed"))
    word_3 = fields.Char("Middle", translate=True, default=lambda self: self.env._("As needed"))
    word_4 = fields.Char("High", translate=True, default=lambda self: self.env._("Better than needed"))
    word_5 = fields.Char("Highest", translate=True, default=lambda self: self.env._("An example to others"))
    pass_score = fields.Float(
        "Fit From", required=True, default=3.0, digits=(6, 2), aggregator=None,
        help="Weighted mean on the scale. Below it somebody may be fit with development, or not fit.",
    )  # fmt: skip
    step_days = fields.Integer(
        "Days for Each Step", required=True, default=10, aggregator=None,
        help="Within these days the next person acts; reminders go out by them.",
    )  # fmt: skip
    criterion_ids = fields.One2many("sqms.appraisal.criterion", "scheme_id", "Criteria", copy=True)
    weight_total = fields.Integer("Sum of Weights", compute="_compute_weight_total")
    is_used = fields.Boolean("In Use", compute="_compute_is_used")

    _name_uniq = models.UniqueIndex("(company_id, previous_id) WHERE previous_id IS NOT NULL")
    _step_days_positive = models.Constraint("CHECK(step_days > 0)", "Each step needs at least one day.")

    _ledger_fields = (
        "name", "active", "company_id", "revision", "previous_id", "job_ids", "scale", "pass_score", "step_days",
        "word_1", "word_2", "word_3", "word_4", "word_5",
    )  # fmt: skip

    def init(self):
        super().init()
        watch_weights(self, "INSERT", "id")

    # -- computes ----------------------------------------------------------------

    @api.depends("name", "revision")
    def _compute_display_name(self):
        for scheme in self:
            scheme.display_name = (
                self.env._("%(name)s, revision %(number)s", name=scheme.name, number=scheme.revision)
                if scheme.revision > 1
                else scheme.name
            )

    @api.depends("criterion_ids.weight")
    def _compute_weight_total(self):
        for scheme in self:
            scheme.weight_total = sum(scheme.criterion_ids.mapped("weight"))

    def _compute_is_used(self):
        used = self._used()
        for scheme in self:
            scheme.is_used = scheme._origin in used

    def _used(self):
        """Those that somebody is appraised by."""
        appraisals = self.env["sqms.appraisal"].sudo()
        return self.browse(
            scheme.id for (scheme,) in appraisals._read_group([("scheme_id", "in", self.ids)], ["scheme_id"])
        )

    # -- the weights -----------------------------------------------------------------

    def _check_weights(self):
        """Refuse a set of weights that does not make 100, and say how much is missing."""
        if is_held() or not self or (self.env.uid == SUPERUSER_ID and self.env.context.get(MODULE_UNINSTALL_FLAG)):
            return
        self.env["sqms.appraisal.criterion"].flush_model(["weight", "scheme_id"])
        sums = dict(
            self.env["sqms.appraisal.criterion"]
            .sudo()
            ._read_group([("scheme_id", "in", self.ids)], ["scheme_id"], ["weight:sum"])
        )
        for scheme in self.sudo():
            missing = WHOLE - sums.get(scheme, 0)
            if missing > 0:
                raise ValidationError(
                    self.env._(
                        "The weights of “%(name)s” make %(sum)s %%: %(missing)s %% are missing.",
                        name=scheme.name, sum=WHOLE - missing, missing=missing,
                    )
                )  # fmt: skip
            if missing < 0:
                raise ValidationError(
                    self.env._(
                        "The weights of “%(name)s” make %(sum)s %%: %(more)s %% too many.",
                        name=scheme.name, sum=WHOLE - missing, more=-missing,
                    )
                )  # fmt: skip

    @api.constrains("scale", "pass_score")
    def _check_pass_score(self):
        for scheme in self:
            low, high, _step = SCALES[scheme.scale]
            if not low <= scheme.pass_score <= high:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is fit from a score between %(low)s and %(high)s.",
                        name=scheme.name, low=low, high=high,
                    )
                )  # fmt: skip
            scheme.criterion_ids._check_minimum()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                vals.pop("revision", None)
                vals.pop("previous_id", None)
        if is_held():
            return super().create(vals_list)
        with held():
            schemes = super().create(vals_list)
        schemes._check_weights()
        return schemes

    def write(self, vals):
        self._refuse_change(set(vals))
        if is_held():
            return super().write(vals)
        with held():
            result = super().write(vals)
        if "criterion_ids" in vals:
            self._check_weights()
        return result

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        self._refuse_change({field_name})
        return super()._update_field_translations(field_name, translations, digest=digest, source_lang=source_lang)

    def _refuse_change(self, names):
        """What somebody was appraised by stays as it was."""
        used = self._used() if names - STAYS_OPEN else self.browse()
        if used:
            raise UserError(
                self.env._(
                    "People are appraised by “%(scheme)s”: it stays as it is. Please make a new revision of it.",
                    scheme=used[0].sudo().display_name,
                )
            )

    def copy_data(self, default=None):
        return [
            {**vals, "name": vals["name"] if default else self.env._("%s (copy)", vals["name"])}
            for vals in super().copy_data(default)
        ]

    # -- what others call ------------------------------------------------------------

    def action_new_revision(self):
        """The next revision, to be changed; this one is archived and stays with what was appraised by it."""
        self.ensure_one()
        self.check_access("write")
        following = self.sudo().search([("previous_id", "=", self.id), ("active", "in", (True, False))], limit=1)
        if following:
            raise UserError(self.env._("There is a newer one already: %s.", following.display_name))
        revision = self.copy({"name": self.name})
        # Rights are asked above; nobody types these two in.
        revision.sudo().write({"revision": self.revision + 1, "previous_id": self.id})
        self.active = False
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": revision.id,
            "views": [[False, "form"]],
        }

    def _word(self, score):
        """The word for a score on this scheme's scale."""
        self.ensure_one()
        return self[f"word_{word_place(score, self.scale) + 1}"] or ""
