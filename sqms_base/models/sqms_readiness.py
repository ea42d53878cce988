from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime


class SqmsReadiness(models.AbstractModel):
    """Whether the quality system of a company stands: each of its parts has a register and somebody who answers for it.

    1. Every check is counted from the records when the screen is opened; nothing is ticked by hand.
    2. A check is met or not, always with the reason, and leads to the place where it is put right.
    3. The five core checks are what the system cannot be run without: manual, responsibilities, procedures and
       processes, resources, training.
    """

    _name = "sqms.readiness"
    _description = "Readiness"

    # -- the screen --------------------------------------------------------------

    @api.model
    def get_readiness(self):
        """All checks of the company at hand: {company, as_of, met, total, core_met, core_total, rows}."""
        if not self.env["sqms.manual"]._sees_evidence():
            raise AccessError(self.env._("Officers, top management and certifiers see how ready the system is."))
        company = self.env.company.sudo()
        rows = [self._readiness_row(check, company) for check in self._sorted_checks()]
        core = [row for row in rows if row["is_core"]]
        return {
            "company": company.name,
            "as_of": format_datetime(self.env, fields.Datetime.now(), tz=company._sqms_tz(), dt_format="short"),
            "met": sum(row["is_met"] for row in rows),
            "total": len(rows),
            "core_met": sum(row["is_met"] for row in core),
            "core_total": len(core),
            "rows": rows,
        }

    def _sorted_checks(self):
        return sorted(self._readiness_checks(), key=lambda check: (not check["is_core"], check["sequence"]))

    def _readiness_row(self, check, company):
        is_met, reason = check["check"](company)
        action = check["action"]
        if callable(action):
            action = action(company, is_met)
        elif not self.env.ref(action, raise_if_not_found=False):
            action = None
        shown = {name: check[name] for name in ("key", "title", "is_core", "icon")}
        return {**shown, "is_met": is_met, "reason": reason, "action": action}

    # -- what others extend ------------------------------------------------------

    @api.model
    def _readiness_checks(self):
        """The checks. An addon adds its own to the result of `super()`, made by `_readiness_check`."""
        return [
            self._readiness_check(
                "manual", 10, self.env._("Quality manual"), self._check_manual, self._open_manual,
                icon="fa-book", is_core=True,
            ),
            self._readiness_check(
                "responsibilities", 20, self.env._("Responsibilities"), self._check_responsibilities,
                "sqms_base.sqms_responsibility_action_matrix", icon="fa-user-circle-o", is_core=True,
            ),
            self._readiness_check(
                "procedures", 30, self.env._("Procedures and processes"), self._check_procedures,
                "sqms_base.sqms_document_action", icon="fa-sitemap", is_core=True,
            ),
            self._readiness_check(
                "resources", 40, self.env._("Resources"), self._check_resources,
                "hr.hr_department_kanban_action", icon="fa-wrench", is_core=True,
            ),
            self._readiness_check(
                "training", 50, self.env._("Training"), self._check_training, self._open_training,
                icon="fa-graduation-cap", is_core=True,
            ),
            self._readiness_check(
                "policy", 10, self.env._("Policy"), self._check_policy,
                "sqms_base.sqms_document_action", icon="fa-compass",
            ),
            self._readiness_check(
                "indicators", 50, self.env._("Indicators"), self._check_indicators,
                "sqms_base.sqms_indicator_action_definitions", icon="fa-line-chart",
            ),
            *self._more_readiness_checks(),
        ]  # fmt: skip

    @api.model
    def _readiness_check(self, key, sequence, title, check, action, icon="fa-check", is_core=False):
        """One check.

        :param check: method that takes the company and gives (met or not, the reason in words)
        :param action: where it is put right: the XML id of an action, or a method that takes the company and whether
            the check is met, and gives an action or nothing
        """
        return {
            "key": key, "sequence": sequence, "title": title, "check": check, "action": action, "icon": icon,
            "is_core": is_core,
        }  # fmt: skip

    # -- the checks of the base ----------------------------------------------------

    def _check_manual(self, company):
        editions = self._in_force(company, "manual")
        if not editions:
            return False, self.env._("No edition of the quality manual is in force.")
        if len(editions) > 1:
            return False, self.env._("%s manuals are in force; one is meant.", len(editions))
        return True, self.env._("%s is in force.", editions.display_name)

    def _open_manual(self, company, is_met):
        if is_met or self.env["sqms.document"].search_count(
            [("company_id", "=", company.id), ("document_type", "=", "manual")], limit=1
        ):
            return {"type": "ir.actions.act_url", "url": "/quality/manual/open", "target": "new"}
        if self.env["sqms.document"].has_access("create"):
            return self.env["ir.actions.actions"]._for_xml_id("sqms_base.sqms_manual_action_create")
        return None

    def _check_responsibilities(self, company):
        """Each process in force has an owner, and somebody who is accountable for it today."""
        processes = self._processes_in_force(company)
        if not processes:
            return False, self.env._("No process is in force, so nobody answers for one.")
        gaps = processes._gaps()
        return self._without(
            processes.filtered(lambda process: {"owner", "accountable"} & set(gaps[process.id])),
            self.env._("Each of %s processes has an owner and one who is accountable.", len(processes)),
            lambda names: self.env._("Without an owner or anybody accountable: %s.", names),
        )

    def _check_procedures(self, company):
        """Procedures are in force, each with an owner, and processes say what happens in which order."""
        editions = self._in_force(company, "procedure")
        if not editions:
            return False, self.env._("No procedure is in force.")
        processes = self._processes_in_force(company)
        if not processes:
            return False, self.env._("No process is in force.")
        documents = editions.document_id
        return self._without(
            documents.filtered(lambda document: not document.owner_id.active),
            self.env._("%(procedures)s procedures and %(processes)s processes are in force.",
                       procedures=len(documents), processes=len(processes)),
            lambda names: self.env._("Nobody answers for: %s.", names),
        )  # fmt: skip

    def _check_resources(self, company):
        """Every department with people in it is led by somebody; every piece of equipment is looked after."""
        mine = [("company_id", "=", company.id)]
        people = dict(self.env["hr.employee"].sudo()._read_group(mine, ["department_id"], ["__count"]))
        departments = self.env["hr.department"].sudo().search(mine)
        leaderless = departments.filtered(lambda department: people.get(department) and not _is_led(department))
        equipment = self.env["maintenance.equipment"].sudo().search(mine)
        neglected = equipment.filtered(
            lambda piece: not piece.technician_user_id and not piece.owner_user_id
            and not piece.category_id.technician_user_id
        )  # fmt: skip
        if not people or not equipment:
            return False, self.env._("People and equipment are not registered yet.")
        return self._without(
            [*leaderless, *neglected],
            self.env._("%(people)s people in departments that are led, %(equipment)s pieces of equipment looked after.",
                       people=sum(people.values()), equipment=len(equipment)),
            lambda names: self.env._("Nobody looks after: %s.", names),
        )  # fmt: skip

    def _check_training(self, company):
        """Addons that hold training say how it stands."""
        return False, self.env._("No register of training is installed.")

    def _open_training(self, company, is_met):
        return None

    def _check_policy(self, company):
        editions = self._in_force(company, "policy")
        if not editions:
            return False, self.env._("No policy is in force.")
        published = editions.filtered("document_id.is_published")
        if not published:
            return False, self.env._("No policy is published; customers cannot read what is promised to them.")
        return True, self.env._(
            "%(count)s policies are in force, %(published)s of them published.",
            count=len(editions), published=len(published),
        )  # fmt: skip

    def _check_indicators(self, company):
        indicators = self.env["sqms.indicator"].sudo().search([("company_id", "in", [company.id, False])])
        if not indicators:
            return False, self.env._("No indicator is defined.")
        return self._without(
            indicators.with_company(company).filtered(lambda indicator: not indicator.responsible_id.active),
            self.env._("Somebody answers for each of %s indicators.", len(indicators)),
            lambda names: self.env._("Nobody answers for: %s.", names),
        )

    # -- tools ---------------------------------------------------------------------

    def _in_force(self, company, document_type):
        versions = self.env["sqms.document.version"].sudo()
        return versions.search(
            [("company_id", "=", company.id), ("document_id.document_type", "=", document_type),
             *versions._in_force_domain(fields.Datetime.now())]
        )  # fmt: skip

    def _processes_in_force(self, company):
        return self.env["sqms.process"].sudo().search([("company_id", "=", company.id), ("state", "=", "in_force")])

    def _without(self, missing, met, sentence):
        """Met when nothing is missing; else a sentence with the first names of what is."""
        if not missing:
            return True, met
        names = ", ".join(record.display_name for record in missing[:3])
        if len(missing) > 3:
            names = self.env._("%(names)s and %(count)s more", names=names, count=len(missing) - 3)
        return False, sentence(names)


def _is_led(department):
    """By a manager of its own or of a department above it."""
    while department:
        if department.manager_id.active:
            return True
        department = department.parent_id
    return False
