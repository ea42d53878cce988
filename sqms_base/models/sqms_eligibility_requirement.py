from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

PEOPLE = ("res.users", "hr.employee", "hr.employee.public", "res.partner")


class SqmsEligibilityRequirement(models.Model):
    """One thing that a rule asks of the person.

    A kind is a value of `kind` and these methods; an addon adds its own with `selection_add`:

    1. `_provider_<kind>(records, employees, instant)`, called once on all requirements of the kind: asks the
       database what it must, whole sets at a time, and returns a function `(requirement, record, employee)`
       that answers without a query: a sentence without its subject (“has not read …”), or nothing if it is met.
    2. `_describe_<kind>()` of one requirement: what is asked, in the same form (“has read …”).
    3. `_domain_<kind>(record, instant)` of one requirement: the employees who meet it, for lists of colleagues
       (`record` is empty where none is at hand). Without it the colleagues are tried one after another.
    4. `_looks_at_<kind>()` of one requirement: the fields of the record that it depends on, if any.
    """

    _name = "sqms.eligibility.requirement"
    _description = "Eligibility Requirement"
    _inherit = ["sqms.ledger.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    _ledger_fields = ("rule_id", "kind", "document_id", "group_id", "field_path")

    rule_id = fields.Many2one("sqms.eligibility.rule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True, precompute=True)
    model = fields.Char(related="rule_id.model", export_string_translation=False)
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("document", "Has read a document"),
            ("group", "Belongs to a group"),
            ("not_same", "Is not the same person as"),
        ],
        required=True,
        default="document",
    )
    document_id = fields.Many2one(
        "sqms.document", index="btree_not_null", ondelete="restrict", check_company=True,
        help="The edition in force must be confirmed as read. While none is in force, nobody meets this.",
    )  # fmt: skip
    group_id = fields.Many2one("res.groups", index="btree_not_null", ondelete="restrict")
    field_path = fields.Char(
        string="Person on the Record",
        help="The field of the record that names the other person, for example the one who asked for it.",
    )

    @api.depends("kind", "document_id", "group_id", "field_path", "model")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for requirement in self:
            describe = getattr(requirement, f"_describe_{requirement.kind}", None)
            requirement.display_name = describe() if describe else requirement.kind or ""

    # -- ORM ---------------------------------------------------------------

    @api.constrains("kind", "document_id", "group_id", "field_path", "rule_id")
    def _check_complete(self):
        for requirement in self:
            needed = {"document": "document_id", "group": "group_id", "not_same": "field_path"}.get(requirement.kind)
            if needed and not requirement[needed]:
                raise ValidationError(
                    self.env._(
                        "“%(kind)s” needs %(field)s.",
                        kind=dict(self._fields["kind"]._description_selection(self.env))[requirement.kind],
                        field=self._fields[needed]._description_string(self.env),
                    )
                )
            if requirement.kind == "document" and requirement.rule_id.company_id != requirement.document_id.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(document)s” belongs to %(company)s: a rule that asks for it is a rule of that company.",
                        document=requirement.document_id.display_name,
                        company=requirement.document_id.sudo().company_id.name,
                    )
                )
            if requirement.kind == "not_same" and requirement._path_field() is None:
                raise ValidationError(self.env._("“%(path)s” does not lead to a person.", path=requirement.field_path))

    def _path_field(self):
        """The last field of the path, if it leads from the record to a user, an employee or a partner."""
        names = (self.field_path or "").split(".")
        model, field = self.env.get(self.rule_id.model), None
        for name in names:
            field = model._fields.get(name) if model is not None else None
            if field is None or not field.relational or not (field.store or field.search or field.related):
                return None
            model = self.env.get(field.comodel_name)
        return field if field is not None and field.comodel_name in PEOPLE else None

    @api.model_create_multi
    def create(self, vals_list):
        rules = self.env["sqms.eligibility.rule"].browse({vals.get("rule_id") for vals in vals_list} - {None, False})
        rules._refuse_once_started(self.env._("What it asks for"))
        requirements = super().create(vals_list)
        requirements.rule_id._refuse_once_started(self.env._("What it asks for"))
        self.env["sqms.eligibility.rule"]._forget()
        return requirements

    def write(self, vals):
        self.rule_id._refuse_once_started(self.env._("What it asks for"))
        result = super().write(vals)
        self.rule_id._refuse_once_started(self.env._("What it asks for"))
        self.env["sqms.eligibility.rule"]._forget()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        self.rule_id._refuse_once_started(self.env._("What it asks for"))

    def unlink(self):
        result = super().unlink()
        self.env["sqms.eligibility.rule"]._forget()
        return result

    # -- asking --------------------------------------------------------------

    def _provide(self, records, employees, instant):
        """One function `(requirement, record, employee)` for all of these requirements, of whatever kinds."""
        answers = {
            kind: getattr(alike, f"_provider_{kind}")(records, employees, instant)
            for kind, alike in self.grouped("kind").items()
        }
        return lambda requirement, record, employee: answers[requirement.kind](requirement, record, employee)

    def _met_domain(self, record, instant):
        """The employees who meet all of these as a domain, and whether it says everything."""
        domains, complete = [], True
        for requirement in self:
            domain_of = getattr(requirement, f"_domain_{requirement.kind}", None)
            if domain_of:
                domains.append(domain_of(record, instant))
            else:
                complete = False
        return Domain.AND(domains), complete

    def _looks_at(self):
        """The fields of the record that these requirements depend on."""
        names = set()
        for requirement in self:
            looks_at = getattr(requirement, f"_looks_at_{requirement.kind}", None)
            names.update(looks_at() if looks_at else ())
        return names
