from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sqms_base.lib.workflow_pass import workflow_fields
from odoo.addons.sqms_base.models.sqms_document_version import SqmsDocumentVersion
from odoo.addons.sqms_base.models.sqms_document_version_signature import SqmsDocumentVersionSignature

COURSE = "course"
DECISION = ("retrain_course_id", "retrain_reason", "retrain_days")
PEOPLE_AT_ONCE = 1000
SEES_COVERAGE = "sqms_base.group_sqms_officer,sqms_base.group_sqms_top,sqms_base.group_sqms_certifier"


class SqmsDocumentVersionRetrain(models.Model):
    """Whether an edition is read, trained in a course, or neither: the edition's own decision.

    1. It is part of what author, reviewer and approver sign, and closed from the review on.
    2. Trained in a course means read as well: everybody of the target group is asked to read it and enrolled in the
       course when it comes into force, and whoever joins the group later, too. Each person once.
    3. Where a course in use teaches the document, an edition that changes it says either that the course is held
       again, or why reading it is enough. A first edition changes nothing.
    """

    _inherit = "sqms.document.version"

    reading_decision = fields.Selection(
        selection_add=[(COURSE, "To Be Read by All and Trained in a Course"), ("none",)],
        ondelete={COURSE: "set default"},
    )
    retrain_course_id = fields.Many2one(
        "sqms.training.course", "Trained In", copy=False, check_company=True, index="btree_not_null",
        ondelete="restrict", tracking=True,
    )  # fmt: skip
    retrain_days = fields.Integer(
        "Trained Within (Days)", default=30, copy=False, help="Counted from the day it comes into force."
    )
    retrain_reason = fields.Char(
        "Why Reading Is Enough", copy=False, tracking=True,
        help="Asked for where a course teaches this document. Approved together with the edition.",
    )  # fmt: skip
    teaching_label = fields.Char("Taught In", compute="_compute_teaching_label", compute_sudo=True)
    retrain_count = fields.Integer("Enrolled", compute="_compute_retrain_count", groups=SEES_COVERAGE)
    retrain_passed_count = fields.Integer("Trained", compute="_compute_retrain_count", groups=SEES_COVERAGE)

    _retrain_course_given = models.Constraint(
        "CHECK(reading_decision <> 'course' OR retrain_course_id IS NOT NULL)",
        "Please choose the course in which this edition is trained.",
    )
    _retrain_days_positive = models.Constraint("CHECK(retrain_days >= 0)", "Please give a number of days.")

    _ledger_fields = (*SqmsDocumentVersion._ledger_fields, *DECISION)
    _signature_fields = (*SqmsDocumentVersionSignature._signature_fields, *DECISION)

    # -- what is decided ---------------------------------------------------------

    @api.depends("document_id")
    @api.depends_context("lang")
    def _compute_teaching_label(self):
        teaching = self.env["sqms.training.course"]._teaching(self.document_id)
        for version in self:
            courses = teaching.get(version.document_id.id)
            version.teaching_label = courses and ", ".join(courses.mapped("name"))

    @api.constrains("retrain_course_id")
    def _check_retrain_course(self):
        self._check_reading_decision()

    def _why_to_be_read(self):
        """Asked when it is saved, sent for review and approved."""
        if self.reading_decision == COURSE and not self.retrain_course_id:
            return self.env._("please choose the course in which it is trained (under “Reading and Quiz”)")
        return super()._why_to_be_read()

    def _why_not_decided(self):
        """`{version id: reason}` of those whose decision is not complete."""
        refusals = {}
        teaching = self.env["sqms.training.course"]._teaching(self.document_id)
        for version in self.sudo():
            courses = teaching.get(version.document_id.id)
            if version.reading_decision == COURSE:
                reason = version.retrain_course_id._not_ready()
                if reason:
                    refusals[version.id] = self.env._(
                        "nobody can be trained in %(course)s: %(reason)s",
                        course=version.retrain_course_id.name,
                        reason=reason,
                    )
            elif (
                version.reading_decision == "read"
                and courses
                and not (version.retrain_reason or "").strip()
                and any(other.is_in_force for other in version.document_id.version_ids - version)
            ):
                refusals[version.id] = self.env._(
                    "%(courses)s teaches this document: decide under “Reading and Quiz” that it is trained in a "
                    "course, or say there why reading is enough",
                    courses=", ".join(courses.mapped("name")),
                )
        return refusals

    def _check_submit(self):
        return {**self._why_not_decided(), **super()._check_submit()}

    def _check_approve(self):
        return {**self._why_not_decided(), **super()._check_approve()}

    # -- what the approver sees --------------------------------------------------

    @api.depends("retrain_course_id")
    def _compute_asks_words(self):
        result = super()._compute_asks_words()
        for version in self.filtered(lambda version: version.reading_decision == COURSE and version.asks_words):
            version.asks_words = self.env._(
                "%(words)s Everybody is enrolled in “%(course)s”, to be trained within %(days)s days.",
                words=version.asks_words,
                course=version.sudo().retrain_course_id.name,
                days=version.retrain_days,
            )
        return result

    def _signature_facts(self):
        facts = super()._signature_facts()
        for version in self.filtered(lambda version: version.edition > 1 or version.reading_decision != "read"):
            facts[version.id] = " · ".join(filter(None, (facts.get(version.id), version._decision_words())))
        return facts

    def _decision_words(self):
        version = self.sudo()
        if version.reading_decision == COURSE:
            return self.env._("trained in “%s”", version.retrain_course_id.name)
        if version.reading_decision == "none":
            return self.env._("no new reading: %s", version.reading_reason or "")
        if version.retrain_reason:
            return self.env._("read by all, no course: %s", version.retrain_reason)
        return self.env._("read by all, no course")

    # -- in force ----------------------------------------------------------------

    def _on_take_effect(self):
        result = super()._on_take_effect()
        self.sudo()._tell_courses()
        trained = self.sudo().filtered(lambda version: version.reading_decision == COURSE)
        if trained and trained._retrain(PEOPLE_AT_ONCE) == PEOPLE_AT_ONCE:
            self.env.ref("sqms_training.ir_cron_retrain").sudo()._trigger()
        return result

    def _tell_courses(self):
        """The owners of the courses that teach it are asked to look at them."""
        teaching = self.env["sqms.training.course"]._teaching(self.document_id)
        for version in self.filtered(lambda version: version.edition > 1):
            for course in teaching[version.document_id.id]:
                course.message_post(
                    body=self.env._(
                        "%(edition)s is in force. Please look whether the course still fits, and say so with "
                        "“The Course Fits Again”.",
                        edition=version.display_name,
                    ),
                    partner_ids=course.responsible_id.partner_id.ids,
                )

    def _retrain(self, limit):
        """Enrol the next so many people who have to be trained because of these editions (all, if there are none).

        :return: how many were enrolled
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._retrain_query(limit))
        enrolled = 0
        wanted = {}
        for version_id, employee_id in rows:
            wanted.setdefault(version_id, []).append(employee_id)
        for version in self.browse(wanted).sudo():
            people = self.env["hr.employee"].sudo().browse(wanted[version.id])
            enrolments = version.retrain_course_id._enrol(people, reason=self.env._("New: %s", version.display_name))
            start = version.date_effective or fields.Date.to_date(version.effective_from)
            with workflow_fields(enrolments, "retrain_version_id", "retrain_due_on"):
                enrolments.write(
                    {
                        "retrain_version_id": version.id,
                        "retrain_due_on": fields.Date.add(start, days=version.retrain_days),
                    }
                )
            enrolled += len(enrolments)
        return enrolled

    def _retrain_query(self, limit):
        """Edition and employee: of the target group, not enrolled because of it, not trained since it is in force."""
        in_force = Domain("reading_decision", "=", COURSE) & self._in_force_domain(fields.Datetime.now())
        # A course that cannot be held now is tried again every day.
        in_force &= Domain("retrain_course_id.active", "=", True)
        if self:
            in_force &= Domain("id", "in", self.ids)
        editions = self.sudo().search(in_force).filtered(lambda version: not version.retrain_course_id._not_ready())
        return SQL(
            """
            SELECT DISTINCT version.id, member.employee_id
              FROM sqms_document_version version
              JOIN %(link)s link ON link.sqms_document_id = version.document_id
              JOIN sqms_audience_member member ON member.audience_id = link.sqms_audience_id
             WHERE version.id IN %(editions)s
               AND NOT EXISTS (SELECT FROM sqms_training_enrolment asked
                                WHERE asked.retrain_version_id = version.id
                                  AND asked.employee_id = member.employee_id)
               AND NOT EXISTS (SELECT FROM sqms_training_enrolment trained
                                WHERE trained.course_id = version.retrain_course_id
                                  AND trained.employee_id = member.employee_id
                                  AND trained.state = 'passed'
                                  AND trained.ended_at >= version.effective_from)
          ORDER BY version.id, member.employee_id
             LIMIT %(limit)s
            """,
            link=SQL.identifier(self.env["sqms.document"]._fields["audience_ids"].relation),
            editions=tuple(editions.ids) or (0,),
            limit=limit,
        )

    @api.model
    def _cron_retrain(self, batch=PEOPLE_AT_ONCE):
        """Who joined a target group since, and what did not fit into one batch."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=batch)
        while done := self.browse()._retrain(batch):
            if not cron._commit_progress(done, remaining=batch):
                return
        cron._commit_progress(remaining=0)

    # -- how far it has come -----------------------------------------------------

    @api.depends("retrain_course_id")
    def _compute_retrain_count(self):
        counts = {}
        for version, state, count in (
            self.env["sqms.training.enrolment"]
            .sudo()
            ._read_group(
                [("retrain_version_id", "in", self._origin.ids), ("state", "!=", "cancelled")],
                ["retrain_version_id", "state"],
                ["__count"],
            )
        ):
            counts.setdefault(version.id, {})[state] = count
        for version in self:
            own = counts.get(version._origin.id, {})
            version.retrain_count, version.retrain_passed_count = sum(own.values()), own.get("passed", 0)

    def action_open_retraining(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trained because of %s", self.display_name),
            "res_model": "sqms.training.enrolment",
            "view_mode": "list,form",
            "domain": [("retrain_version_id", "=", self.id)],
        }
