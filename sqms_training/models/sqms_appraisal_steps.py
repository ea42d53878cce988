from odoo import fields, models

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields

from ..lib.appraisal import is_apart, percent, word_place


class SqmsAppraisalSteps(models.Model):
    """What each step asks for, and what follows it."""

    _inherit = "sqms.appraisal"

    # -- whose step -------------------------------------------------------------------

    def _for(self, *hands):
        """`{id: reason}` of those on which the person has none of these hands; asked of superuser code as well."""
        return {
            appraisal.id: self.env._("it is not yours to take")
            for appraisal in self
            if not appraisal._hands().intersection(hands)
        }

    def _offers_start(self):
        return "hr" in self._hands() and bool(self.sudo().user_id)

    def _offers_start_with_manager(self):
        return "hr" in self._hands() and not self.sudo().user_id

    def _offers_submit_self(self):
        return "employee" in self._hands()

    def _offers_skip_self(self):
        return bool(self._hands() & {"hr"})

    def _offers_submit_manager(self):
        return "manager" in self._hands()

    def _offers_release(self):
        return "calibrator" in self._hands()

    def _offers_send_back(self):
        return "calibrator" in self._hands()

    def _offers_reconsider(self):
        return "calibrator" in self._hands()

    def _offers_confirm(self):
        return bool(self._hands() & {"calibrator", "hr"}) and "manager" not in self._hands()

    def _offers_cancel(self):
        return "hr" in self._hands()

    # -- guards ------------------------------------------------------------------------

    def _check_start(self):
        refusals = {
            appraisal.id: self.env._("%s has no login: start with the manager", appraisal.sudo().employee_id.name)
            for appraisal in self
            if not appraisal.sudo().user_id
        }
        return {**refusals, **self._for("hr")}

    def _check_start_with_manager(self):
        refusals = {
            appraisal.id: self.env._("%s has a login and speaks first", appraisal.sudo().employee_id.name)
            for appraisal in self
            if appraisal.sudo().user_id
        }
        return {**refusals, **self._for("hr")}

    def _check_submit_self(self):
        return {**self._unscored("self"), **self._for("employee")}

    def _check_skip_self(self):
        return self._for("hr")

    def _check_submit_manager(self):
        return {
            **self._wordless("manager"), **self._unexplained("manager"), **self._unscored("manager"),
            **self._for("manager"),
        }  # fmt: skip

    def _check_release(self):
        return {
            **self._not_simply_fit(), **self._wordless("calibrated"), **self._unexplained("calibrated"),
            **self._unscored("calibrated"), **self._for("calibrator"),
        }  # fmt: skip

    def _check_send_back(self):
        return self._for("calibrator")

    def _check_reconsider(self):
        return self._for("calibrator")

    def _check_cancel(self):
        return self._for("hr")

    def _check_confirm(self):
        refusals = {
            appraisal.id: self.env._("who appraised does not confirm it, another person does")
            for appraisal in self
            if "manager" in appraisal._hands()
        }
        for appraisal in self.sudo():
            if appraisal.heard_at:
                continue
            if not appraisal.step_due_on or appraisal.step_due_on >= appraisal.company_id._sqms_today():
                refusals[appraisal.id] = self.env._(
                    "%(name)s is heard first, or his time to answer is over (%(day)s)",
                    name=appraisal.employee_id.name, day=appraisal.step_due_on,
                )  # fmt: skip
        return {**refusals, **self._for("calibrator", "hr")}

    def _said(self):
        """`{line: {kind: row}}` and `{appraisal: {kind: row of the whole}}`, as it is, whoever asks."""
        by_line, whole = {}, {}
        ratings = self.env["sqms.appraisal.rating"].sudo().search([("appraisal_id", "in", self.ids)])
        for rating in ratings:
            if rating.line_id:
                by_line.setdefault(rating.line_id, {})[rating.kind] = rating
            else:
                whole.setdefault(rating.appraisal_id, {})[rating.kind] = rating
        return by_line, whole

    def _unscored(self, kind):
        by_line, _whole = self._said()
        refusals = {}
        for appraisal in self.sudo():
            for line in appraisal.line_ids:
                rating = by_line.get(line, {}).get(kind)
                if not rating or rating.score is False:
                    refusals[appraisal.id] = self.env._("“%s” has no score yet", line.name)
                    break
        return refusals

    def _unexplained(self, kind):
        """A score that differs by more than a step from what was said before is explained."""
        before = {"manager": ("self",), "calibrated": ("self", "manager")}[kind]
        by_line, _whole = self._said()
        refusals = {}
        for appraisal in self.sudo():
            for line in appraisal.line_ids:
                said = by_line.get(line, {})
                rating = said.get(kind)
                others = [said[other].score for other in before if other in said]
                if (
                    rating
                    and rating.score is not False
                    and not (rating.note or "").strip()
                    and is_apart(rating.score, others, appraisal.scale)
                ):
                    refusals[appraisal.id] = self.env._("“%s” differs by more than a step: please say why", line.name)
                    break
        return refusals

    def _wordless(self, kind):
        _by_line, whole = self._said()
        return {
            appraisal.id: self.env._("please say in words how the work is seen as a whole")
            for appraisal in self
            if not (whole.get(appraisal.sudo(), {}).get(kind, self.env["sqms.appraisal.rating"]).note or "").strip()
        }

    def _not_simply_fit(self):
        """`{id: reason}`: the result is missing, or says “fit” below the threshold or a minimum."""
        _by_line, whole = self._said()
        ratings = self.env["sqms.appraisal.rating"].sudo()
        means, musts = self._means("calibrated", ratings), self._below_minimum(ratings)
        refusals = {}
        for appraisal in self.sudo():
            fit = whole.get(appraisal, {}).get("calibrated", ratings).fit
            mean, below = means.get(appraisal.id), musts.get(appraisal.id)
            if not fit:
                refusals[appraisal.id] = self.env._("please say whether the employee is fit for the job")
            elif fit == "fit" and below:
                refusals[appraisal.id] = self.env._(
                    "“%s” is below its minimum: fit with development, or not fit", below[0].name
                )
            elif fit == "fit" and mean is not None and mean < appraisal.pass_score:
                refusals[appraisal.id] = self.env._(
                    "%(mean).2f is below %(limit).2f: fit with development, or not fit",
                    mean=mean, limit=appraisal.pass_score,
                )  # fmt: skip
        return refusals

    # -- what is written with the step -------------------------------------------------------

    def _due(self, **values):
        """The next person has so many days as the scheme gives."""
        return {
            appraisal.id: {
                "step_due_on": fields.Date.add(appraisal.company_id._sqms_today(), days=appraisal.scheme_id.step_days),
                "reminded_on": False,
                **values,
            }
            for appraisal in self.sudo()
        }

    def _prepare_start_values(self):
        values = self._due(started_at=fields.Datetime.now())
        for appraisal in self.sudo():
            employee = appraisal.employee_id
            values[appraisal.id].update(department_id=employee.department_id.id, job_id=employee.job_id.id)
        return values

    def _prepare_start_with_manager_values(self):
        return self._prepare_start_values()

    def _prepare_submit_self_values(self):
        return self._due()

    def _prepare_skip_self_values(self):
        return self._due()

    def _prepare_submit_manager_values(self):
        return self._due()

    def _prepare_send_back_values(self):
        return self._due()

    def _prepare_release_values(self):
        return self._due(heard_at=False, heard_by_id=False)

    def _prepare_reconsider_values(self):
        return self._due()

    def _prepare_cancel_values(self):
        return {appraisal.id: {"step_due_on": False} for appraisal in self}

    def _prepare_confirm_values(self):
        ratings = self.env["sqms.appraisal.rating"].sudo()
        means = self._means("calibrated", ratings)
        _by_line, whole = self._said()
        return {
            appraisal.id: {
                "score": means[appraisal.id],
                "score_percent": percent(means[appraisal.id], appraisal.scale),
                "fit": whole[appraisal]["calibrated"].fit,
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
                "step_due_on": False,
            }
            for appraisal in self.sudo()
        }

    # -- what follows --------------------------------------------------------------------

    def _on_start(self):
        self._lay_out()
        self._copy_facts()

    def _on_start_with_manager(self):
        self._on_start()

    def _lay_out(self):
        """A line for each criterion, as the scheme says today."""
        appraisals = self.sudo()
        with workflow_fields(appraisals, "line_ids"):
            self.env["sqms.appraisal.line"].sudo().create(
                [
                    {
                        "appraisal_id": appraisal.id,
                        "criterion_id": criterion.id,
                        "sequence": place,
                        "weight": criterion.weight,
                        "is_must": criterion.is_must,
                        "minimum": criterion.minimum,
                    }
                    for appraisal in appraisals
                    for place, criterion in enumerate(appraisal.scheme_id.criterion_ids.sorted(), start=1)
                ]
            )

    def _on_submit_self(self):
        self._freeze_total("self")

    def _on_submit_manager(self):
        self._freeze_total("manager")

    def _on_release(self):
        self._freeze_total("calibrated")

    def _freeze_total(self, kind):
        """The weighted mean beside the words, for who compares departments."""
        ratings = self.env["sqms.appraisal.rating"].sudo()
        means = self._means(kind, ratings)
        appraisals = self.sudo()
        whole = appraisals._whole(kind)
        with workflow_fields(appraisals, "rating_ids"):
            ratings.create(
                [{"appraisal_id": appraisal.id, "kind": kind} for appraisal in appraisals if appraisal not in whole]
            )
            for appraisal, rating in appraisals._whole(kind).items():
                mean = means[appraisal.id]
                rating.write({"total": mean, "band": str(word_place(mean, appraisal.scale) + 1)})

    def _note_hearing(self):
        """When the employee was heard, and who wrote down what he said."""
        now = fields.Datetime.now()
        for appraisal in self.sudo().filtered(lambda appraisal: appraisal.state == "hearing"):
            heard = bool(appraisal.employee_verdict)
            with workflow_fields(appraisal, "heard_at", "heard_by_id"):
                appraisal.write({"heard_at": heard and now, "heard_by_id": heard and self.env.uid})

    def _on_confirm(self):
        by_line, _whole = self._said()
        lines = self.sudo().line_ids
        with workflow_fields(self.sudo(), "line_ids"):
            for line in lines:
                line.score = by_line[line]["calibrated"].score
        for appraisal in self.sudo().filtered(lambda appraisal: appraisal.fit != "fit"):
            plan = self.env["sqms.training.plan"]._development_plan(
                appraisal.employee_id, appraisal._needs(), self.env._("Appraisal %s", appraisal.number)
            )
            if plan:
                with workflow_fields(appraisal, "plan_id"):
                    appraisal.plan_id = plan

    def _needs(self):
        """What to learn: the criteria below the minimum or the threshold, the weakest first; all when none is."""
        self.ensure_one()
        lines = self.line_ids.sorted("score")
        weak = lines.filtered(
            lambda line: line.score < self.pass_score or (line.is_must and line.score < (line.minimum or 0))
        )
        return [
            {
                "skill_id": line.criterion_id.skill_id.id,
                "needed_level_id": line.criterion_id.skill_level_id.id,
                "course_id": line.criterion_id.course_id.id,
                "text": line.name,
                "source": "appraisal",
                "source_model": self._name,
                "source_id": self.id,
            }
            for line in weak or lines[:1]
        ]
