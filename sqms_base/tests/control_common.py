from datetime import timedelta

from freezegun import freeze_time

from .common import NOON, DocumentCase, sign_step

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


class ControlCase(DocumentCase):
    """A plan with one point of each kind, and people who make the checks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.stranger = cls._create_user("stranger", "sqms_base.group_sqms_manager", cls.other_company)
        cls.colleague_user = cls._create_user("colleague", "base.group_user")
        cls.colleague.user_id = cls.colleague_user
        cls.process = cls.env["sqms.process"].create({"code": "P1", "name": "Repair", "company_id": cls.company.id})
        cls.document = cls._create_in_force().document_id

    @classmethod
    def _point(cls, name="Is the valve closed?", **values):
        return (0, 0, {"name": name, **values})

    @classmethod
    def _pressure(cls, **values):
        return cls._point(
            "Gas pressure", kind="number", unit="kPa", has_lower=True, lower=1.5, has_upper=True, upper=2.5,
            grade="major", reaction="Close the valve.", **values,
        )  # fmt: skip

    @classmethod
    def _colour(cls, **values):
        return cls._point("Flame", kind="choice", choices_right="Blue", choices_wrong="Yellow\nNone", **values)

    @classmethod
    def _create_plan(cls, points=None, in_force=True, **values):
        plan = (
            cls.env["sqms.control.plan"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Gas repair",
                    "process_id": cls.process.id,
                    "document_id": cls.document.id,
                    "owner_id": cls.plain.id,
                    "point_ids": points or [cls._point(), cls._pressure(), cls._colour()],
                    **values,
                }
            )
        )
        if in_force:
            sign_step(plan, "approve", cls.manager)
        return plan

    @classmethod
    def _start(cls, plan, user=None):
        action = plan.with_user(user or cls.plain).action_start_check()
        return cls.env["sqms.control.record"].with_user(user or cls.plain).browse(action["params"]["record"])

    @classmethod
    def _rows(cls, record):
        return record.sudo().result_ids.sorted(lambda row: (row.sequence, row.point_id.id, row.sample_no))

    @classmethod
    def _fill(cls, record, *answers):
        for row, value in zip(cls._rows(record), answers, strict=False):
            record.answer(row.id, {"value": value})
        return record

    @classmethod
    def _make(cls, plan, *answers, user=None):
        """A check that is done with these answers."""
        record = cls._fill(cls._start(plan, user), *(answers or ("yes", "2", "right:0")))
        record.action_finish()
        return record.sudo()

    @classmethod
    def _days_later(cls, days, hour=0):
        return freeze_time(NOON + timedelta(days=days, hours=hour))

    def _refused(self, refusal, words, attempt):
        with self.assertRaisesRegex(refusal, words), self.cr.savepoint():
            attempt()
            self.env.flush_all()
