from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .eligibility_common import EligibleCase

WORDS = {"char": "Words", "text": "Words", "html": "<p>Words</p>"}


@tagged("post_install", "-at_install")
class TestEligibilityEverywhere(EligibleCase):
    """Whatever is given to people by whichever addon: tickets, audits, equipment, requests, sessions."""

    def _minimal(self, model):
        """Values for what must be there and has no default."""
        values = {}
        for name, field in model._fields.items():
            if name == "company_id" and field.store and not field.related:
                values[name] = self.company.id
            elif field.required and field.store and not field.default and not field.compute and not field.related:
                values[name] = WORDS.get(field.type) or self._some(field)
        return {name: value for name, value in values.items() if value}

    def _some(self, field):
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in ("date", "datetime"):
            return self.today
        if field.type != "many2one":
            return False
        if field.comodel_name == "res.company":
            return self.company.id
        if field.comodel_name == "hr.employee":
            return self.holder.id
        other = self.env[field.comodel_name]
        return other.create(self._minimal(other)).id

    def _people(self, model):
        """`(who may, who may not)` as the model names them."""
        if model._fields[model._eligibility_assignee].comodel_name == "res.users":
            return self.li, self.user
        return self.holder, self.employee

    def test_every_model_that_is_given_to_people(self):
        self.licence._revoke("A new one for each turn")
        names = self.rules._guarded_models()
        self.assertIn("maintenance.request", names)
        self.assertIn("sqms.training.session", names)
        for name in names:
            model = self.env[name]
            if model._transient or name.startswith("sqms.fake"):
                continue
            with self.subTest(model=name), self.cr.savepoint():
                licence = self._create_certificate(employee_id=self.holder.id, issuer=f"Office of {name}")
                self._create_rule(model=name)
                self._try(model, licence)

    def _try(self, model, licence):
        name = model._eligibility_assignee
        many = model._fields[name].type == "many2many"
        good, bad = self._people(model)
        give = lambda person: {name: [(6, 0, person.ids)] if many else person.id}  # noqa: E731
        minimal, another = (
            {key: value for key, value in self._minimal(model).items() if key != name} for _turn in range(2)
        )
        record = model.create({**minimal, **give(good)})
        self.assertEqual(record[name], good)
        action = self.env["ir.actions.server"].create(
            {
                "name": "Give", "model_id": self.env["ir.model"]._get_id(model._name), "state": "code",
                "code": f"record.sudo().write({give(bad)!r})",
            }
        )  # fmt: skip
        hostile = {"install_mode": True, "import_file": True, f"default_{name}": bad.id, "as_of": "2001-01-01"}
        for attempt in (
            lambda: model.create({**minimal, **give(bad)}),
            lambda: model.create([{**another, **give(good)}, {**another, **give(bad)}]),
            lambda: record.write(give(bad)),
            lambda: record.web_save(give(bad), {}),
            lambda: record.sudo().with_context(**hostile).write(give(bad)),
            lambda: action.with_context(active_model=model._name, active_id=record.id, active_ids=record.ids).run(),
        ):
            with self.assertRaises(UserError) as refused, self.cr.savepoint():
                attempt()
            self.assertIn("Wang Li cannot be given", str(refused.exception))
            self.assertIn("does not hold “Licences gas”", str(refused.exception))
        result = model.load([f"{name}/.id", ".id"], [[str(bad.id), str(record.id)]])
        self.assertIn("Wang Li cannot be given", result["messages"][0]["message"])
        record.invalidate_recordset()
        self.assertEqual(record[name], good)
        licence._revoke("Forged")
        finding = self.findings.search(
            [("res_model", "=", model._name), ("res_id", "=", record.id), ("is_open", "=", True)]
        )
        self.assertEqual(finding.person_id, good.id, "told at once when the certificate is revoked")

    def test_by_default_nobody_ineligible_is_put_in(self):
        """A trainer whom the course proposes is left out."""
        self._create_rule(model="sqms.training.session")
        course = self.env["sqms.training.course"].create({"name": "Gas", "company_id": self.company.id})
        course.trainer_id = self.employee
        session = self.env["sqms.training.session"].create({"course_id": course.id, "company_id": self.company.id})
        self.assertFalse(session.trainer_id)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            session.trainer_id = self.employee
        course.trainer_id = self.holder
        session = self.env["sqms.training.session"].create({"course_id": course.id, "company_id": self.company.id})
        self.assertEqual(session.trainer_id, self.holder)
