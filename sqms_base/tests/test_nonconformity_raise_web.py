from odoo.tests import tagged

from .test_web import WebCase


@tagged("post_install", "-at_install", "sqms_tour")
class TestNonconformityRaiseTour(WebCase):
    """“Create Nonconformity” in the action menu of a record and of several, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env["sqms.process"].create(
            {"code": "T1", "name": "Tour process", "company_id": cls.company.id, "owner_id": cls.officer.id}
        )
        team = cls.env["maintenance.team"].create({"name": "Tour team", "company_id": cls.company.id})
        equipment = cls.env["maintenance.equipment"].create(
            {"name": "Detector 07", "company_id": cls.company.id, "maintenance_team_id": team.id}
        )
        cls.process.equipment_ids = equipment
        cls.requests = cls.env["maintenance.request"].create(
            [
                {
                    "name": name, "equipment_id": equipment.id, "maintenance_team_id": team.id,
                    "company_id": cls.company.id, "user_id": cls.plain.id,
                }
                for name in ("Tour hose is cracked", "Tour pump leaks")
            ]
        )  # fmt: skip
        cls.env.flush_all()

    def _raise(self, tour):
        self.start_tour("/odoo/action-maintenance.hr_equipment_request_action", tour, login="sqms_plain", timeout=90)
        self.env.invalidate_all()
        found = {
            nc.name: nc
            for nc in self.env["sqms.nonconformity"].search([("res_model", "=", "maintenance.request")])
            if nc.res_id in self.requests.ids
        }
        one, two = found["Gas detector out of use"], found["Two devices out of use"]
        self.assertEqual(
            (one.author_id, one.owner_id, one.process_id, one.grade, one.place, one.state),
            (self.plain, self.officer, self.process, "major", "Xuhui van", "found"),
        )
        self.assertEqual(one._source_keys(), [("maintenance.request", self.requests[0].id)])
        self.assertEqual(
            {id_ for _model, id_ in two._source_keys()}, set(self.requests.ids), "one nonconformity of both"
        )
        self.assertEqual((two.source_count, two.process_id), (2, self.process))

    def test_from_a_form_and_from_a_list(self):
        self._raise("sqms_nonconformity_raise")

    def test_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        modules = self.env["ir.module.module"].search([("name", "in", ("sqms_base", "maintenance"))])
        modules._update_translations(["zh_CN"])
        self.plain.lang = "zh_CN"
        self._raise("sqms_nonconformity_raise_zh")
